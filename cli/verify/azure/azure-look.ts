import { AccessTokens } from "../../backends/azure/access-tokens";
import { type AzureKey, azureKey } from "../../backends/azure/azure-key";
import { type AzureSettings, azureSettings } from "../../backends/azure/azure-settings";
import { KeyVault } from "../../backends/azure/key-vault";
import { REAL_CLOCK } from "../../backends/http/retries";
import type { Io } from "../../io";
import type { DeclaredAzure, DeclaredAzureIdentity, DeclaredAzureKey } from "../declared-azure";
import { Fault, Skip } from "../probe";
import { fieldOf } from "../vault-access";
import { ArmAccess } from "./arm-access";
import { operationsOf, type Permission } from "./data-actions";

export type Fields = Readonly<Record<string, unknown>>;

/** A role that somebody has, at the key or at something that the key lies in. */
export interface Assignment {
  readonly id: string;
  /** Object id of whoever has it. */
  readonly principal: string;
  /** `User`, `Group`, `ServicePrincipal`. */
  readonly kind: string;
  readonly role: string;
  /** ARM id, in small letters: ARM's names are the same in either case. */
  readonly scope: string;
  readonly may: readonly string[];
}

/** Versions of the API that all clouds have, each the last one that is no preview; of diagnostic settings there are only previews. */
const VERSION = {
  ...{ vaults: "2023-07-01", roles: "2022-04-01", identities: "2023-01-31", events: "2022-06-15" },
  diagnostics: "2021-05-01-preview",
};

/** Azure as whoever runs this sees it: Resource Manager, and the vaults. What is asked once is not asked again. */
export class AzureLook {
  private readonly settings: AzureSettings;
  private readonly subscription: string;
  private readonly lists = new Map<string, Promise<readonly Fields[]>>();
  private arm: ArmAccess | undefined;
  private readonly opened: { close(): void }[] = [];

  /** @throws CliError (2) for a setting that is none. */
  constructor(
    readonly declared: DeclaredAzure,
    private readonly env: Io["env"],
  ) {
    this.settings = azureSettings(env);
    this.subscription = /^\/subscriptions\/[^/]+/.exec(Object.values(declared.roles)[0] ?? "")?.[0] ?? "";
  }

  /** CAs that are trusted. */
  get trust(): Pick<AzureSettings, "authorities"> {
    return this.settings;
  }

  /** A declared vault. @throws Fault where the subscription has none of the name; Skip where this identity may not look. */
  async vault({ vault }: DeclaredAzureKey): Promise<Fields> {
    const found = (await this.all("Microsoft.KeyVault/vaults", VERSION.vaults)).find(({ name }) =>
      isSame(name, vault),
    );
    if (found) return found;
    throw new Fault(
      `the subscription has no vault ${vault}`,
      `az keyvault list-deleted --query "[?name=='${vault}']"; pulumi up --refresh`,
    );
  }

  /** What Resource Manager tells of a key, the rotation policy included. @throws Fault where there is none. */
  async key(declared: DeclaredAzureKey): Promise<Fields> {
    const found = await this.resources.get(await this.keyId(declared), VERSION.vaults);
    if (found) return fieldOf(found, "properties") ?? {};
    throw new Fault(
      `${declared.vault} has no key ${declared.name}: no file can be opened by it`,
      `az keyvault key list-deleted --vault-name ${declared.vault}; pulumi up --refresh`,
    );
  }

  /** ARM id. */
  async keyId(declared: DeclaredAzureKey): Promise<string> {
    return `${(await this.vault(declared)).id}/keys/${declared.name}`;
  }

  /** Every role at the key, and at all that it lies in. */
  async assignments(declared: DeclaredAzureKey): Promise<readonly Assignment[]> {
    const path = `${await this.keyId(declared)}/providers/Microsoft.Authorization/roleAssignments`;
    const all = await this.resources.list(path, VERSION.roles, "atScope()");
    return Promise.all(
      all.map(async ({ id, properties }) => {
        const { principalId, principalType, roleDefinitionId, scope } = (properties ?? {}) as Fields;
        const role = await this.role(String(roleDefinitionId));
        return {
          id: String(id),
          principal: String(principalId),
          kind: String(principalType ?? "principal"),
          role: String(role.roleName ?? roleDefinitionId),
          scope: String(scope).toLowerCase(),
          may: operationsOf((role.permissions ?? []) as readonly Permission[]),
        };
      }),
    );
  }

  /** @throws Fault where the subscription has none of this client id. */
  async identity({ name, clientId }: DeclaredAzureIdentity): Promise<Fields> {
    const all = await this.all("Microsoft.ManagedIdentity/userAssignedIdentities", VERSION.identities);
    const found = all.find(({ properties }) => isSame((properties as Fields).clientId, clientId));
    if (found) return found;
    throw new Fault(
      `the subscription has no identity ${name} of client id ${clientId}`,
      `az identity list --query "[?name=='${name}']"; pulumi up --refresh`,
    );
  }

  /** Whose tokens an identity trusts. */
  async trusts(identity: DeclaredAzureIdentity): Promise<readonly Fields[]> {
    const path = `${(await this.identity(identity)).id}/federatedIdentityCredentials`;
    return this.resources.list(path, VERSION.identities);
  }

  /** An event subscription by its ARM id; undefined where there is none. */
  async subscriptionOf(id: string): Promise<Fields | undefined> {
    const found = await this.resources.get(id, VERSION.events);
    return found && (fieldOf(found, "properties") ?? {});
  }

  /** Every event subscription of a system topic, by the topic's ARM id. */
  async subscriptionsOf(topic: string): Promise<readonly Fields[]> {
    return this.resources.list(`${topic}/eventSubscriptions`, VERSION.events);
  }

  /** Where a vault's log goes, by the vault's ARM id. */
  async diagnosticsOf(vault: string): Promise<readonly Fields[]> {
    const path = `${vault}/providers/Microsoft.Insights/diagnosticSettings`;
    return this.resources.list(path, VERSION.diagnostics);
  }

  /** Object id of who looks; undefined where its token does not tell. */
  async self(): Promise<string | undefined> {
    return this.resources.self();
  }

  /** A key's vault itself, as this identity, or as another one by its tokens. */
  keyVault(declared: DeclaredAzureKey, other?: AzureSettings): { vault: KeyVault; key: AzureKey } {
    const settings = other ?? this.settings;
    const key = azureKey({
      ...{ kind: "azure_kv", group: 0, wrapped: "", key: declared.url },
      fields: { vault_url: new URL(declared.url).origin, name: declared.name },
    });
    const tokens = new AccessTokens(settings, REAL_CLOCK);
    const vault = new KeyVault(key.vault, settings, tokens, REAL_CLOCK);
    this.opened.push(vault, tokens);
    return { vault, key };
  }

  /** The settings of whoever holds this ID token, and nothing else of this identity's own. */
  settingsFor(client: string, idToken: string): AzureSettings {
    const { authority, authorities } = this.settings;
    return {
      ...{ authority, client, otherTenants: [], identities: ["WorkloadIdentityCredential"] },
      ...{ tenant: this.declared.tenantId, idToken: { text: idToken } },
      ...(authorities && { authorities }),
    };
  }

  close(): void {
    this.arm?.close();
    for (const each of this.opened) each.close();
  }

  private get resources(): ArmAccess {
    const { keys, tenantId } = this.declared;
    this.arm ??= ArmAccess.open(keys[0]?.url ?? "", tenantId, this.env);
    return this.arm;
  }

  /** A custom role is told where it may be given, though its id names the subscription. @throws Skip where it is not told. */
  private async role(id: string): Promise<Fields> {
    const group = /^\/subscriptions\/[^/]+\/resourceGroups\/[^/]+/i;
    const [first] = this.declared.keys;
    const near = first && group.exec(String((await this.vault(first)).id))?.[0];
    const path = `${near}/providers/Microsoft.Authorization/roleDefinitions/${id.split("/").at(-1)}`;
    const found =
      (await this.resources.get(path, VERSION.roles)) ?? (await this.resources.get(id, VERSION.roles));
    if (found === undefined)
      throw new Skip(`the role ${id} is not told, so that what it allows is not known`);
    return fieldOf(found, "properties") ?? {};
  }

  private all(type: string, version: string): Promise<readonly Fields[]> {
    const path = `${this.subscription}/providers/${type}`;
    const known = this.lists.get(path) ?? this.resources.list(path, version);
    this.lists.set(path, known);
    return known;
  }
}

export function isSame(one: unknown, other: string): boolean {
  return typeof one === "string" && one.toLowerCase() === other.toLowerCase();
}
