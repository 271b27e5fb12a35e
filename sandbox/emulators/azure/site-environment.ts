import type { Core } from "./core";
import { identitiesOf, ownIdentityOf } from "./entra/managed-identity";
import { objectAt, textAt } from "./json";
import { Guard } from "./keyvault/guard";
import { vaultNamed } from "./keyvault/vaults";
import type { Principal, Resource } from "./model";

const REFERENCE = /^@Microsoft\.KeyVault\((.+)\)$/i;
const SECRET_URI = /^https:\/\/([^.]+)\.vault\.azure\.net\/secrets\/([^/]+)(?:\/([^/]*))?\/?$/i;

interface SecretReference {
  readonly vault: string;
  readonly name: string;
  readonly version?: string;
}

/**
 * The environment that App Service gives a site's process: its settings, with secrets in the place of references to Key
 * Vault, and where to get tokens of its identities. A reference that cannot be followed stays as it is, as in Azure.
 * @param address of the emulator, `http://127.0.0.1:13600`
 */
export function siteEnvironment(core: Core, site: Resource, address: string): Record<string, string> {
  const settings = Object.entries(objectAt(site.hidden, "appSettings")).map(([name, value]) => {
    const reference = referenceIn(String(value));
    return [name, (reference && secretFor(core, site, reference)) ?? String(value)];
  });
  return {
    ...Object.fromEntries(settings),
    WEBSITE_SITE_NAME: site.name,
    WEBSITE_HOSTNAME: `${site.name.toLowerCase()}.azurewebsites.net`,
    IDENTITY_ENDPOINT: `${address}/msi/token`,
    IDENTITY_HEADER: textAt(site.hidden, "identityHeader") ?? "",
  };
}

function referenceIn(value: string): SecretReference | undefined {
  const parts = REFERENCE.exec(value)?.[1]?.split(";");
  if (parts === undefined) return undefined;
  const named = new Map(
    parts.map((part) => [part.split("=")[0]?.trim().toLowerCase() ?? "", part.slice(part.indexOf("=") + 1)]),
  );
  const [, host, secret, id] = SECRET_URI.exec(named.get("secreturi") ?? "") ?? [];
  const vault = host ?? named.get("vaultname");
  const name = secret ?? named.get("secretname");
  if (vault === undefined || name === undefined) return undefined;
  const version = id || named.get("secretversion");
  return { vault, name, ...(version && { version }) };
}

function secretFor(
  core: Core,
  site: Resource,
  { vault: vaultName, name, version }: SecretReference,
): string | undefined {
  const vault = vaultNamed(core.resources, vaultName);
  const principal = readerOf(core, site);
  if (vault === undefined || principal === undefined) return undefined;
  const caller = { oid: principal.id, appId: principal.appId, issuer: core.tokens.issuers[1] };
  const wish = { dataAction: "secrets/getSecret/action", kind: "secrets", permission: "get", name } as const;
  try {
    new Guard(core).require(vault, caller, wish);
    const found = core.secrets.version(vault, name, version);
    return found.enabled ? found.value : undefined;
  } catch {
    return undefined;
  }
}

/** The identity that reads references: the site's own, unless it names another. */
function readerOf(core: Core, site: Resource): Principal | undefined {
  const named = textAt(site.body, "properties", "keyVaultReferenceIdentity");
  if (named === undefined || named === "SystemAssigned") return ownIdentityOf(core, site);
  return identitiesOf(core, site).find(({ resourceId }) => resourceId?.toLowerCase() === named.toLowerCase());
}
