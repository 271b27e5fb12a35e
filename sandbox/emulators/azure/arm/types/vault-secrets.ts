import type { KeyVaultManagementClient, SecretCreateOrUpdateParameters } from "@azure/arm-keyvault";
import { z } from "zod";
import type { Core } from "../../core";
import type { JsonObject } from "../../json";
import { attributesOf, newestOf } from "../../keyvault/bundles";
import type { Secret } from "../../keyvault/model";
import { type Vault, vaultNamed } from "../../keyvault/vaults";
import { badRequest } from "../arm-refusal";
import { OfficialModel } from "../official-model";
import type { ResourceId } from "../resource-id";
import type { ResourceType } from "../resource-type";
import { KEYVAULT_VERSIONS } from "./vaults";

const values = z.object({
  value: z.string().optional(),
  contentType: z.string().optional(),
  attributes: z
    .object({ enabled: z.boolean().optional(), nbf: z.number().optional(), exp: z.number().optional() })
    .optional(),
});

/** Secrets as ARM sees them: it writes values, and never tells them. */
export const vaultSecrets: ResourceType = {
  name: "Microsoft.KeyVault/vaults/secrets",
  apiVersions: KEYVAULT_VERSIONS,
  model: new OfficialModel<KeyVaultManagementClient, SecretCreateOrUpdateParameters>({
    client: async ({ credential, options }) => {
      const { KeyVaultManagementClient: Client } = await import("@azure/arm-keyvault");
      return new Client(credential, "none", options);
    },
    read: (client) =>
      client.secrets.get("group", "vault", "secret") as Promise<SecretCreateOrUpdateParameters>,
    write: (client, model) => client.secrets.createOrUpdate("group", "vault", "secret", model),
  }),
  elsewhere: {
    get: (core, id) => {
      const vault = vaultAround(core, id);
      const secret = vault && core.secrets.find(vault, id.name);
      return secret && shown(vault, secret);
    },
    /** A new version each time that there is a value. */
    put: ({ core, id, body }) => {
      const vault = vaultAround(core, id);
      const parsed = values.safeParse(body.properties);
      if (vault === undefined || !parsed.success)
        throw badRequest("The properties of the secret are invalid.");
      const { value, contentType, attributes } = parsed.data;
      const tags = (body.tags ?? {}) as Record<string, string>;
      if (value !== undefined) core.secrets.set(vault, id.name, { value, contentType, attributes, tags });
      else if (core.secrets.find(vault, id.name) === undefined)
        throw badRequest("The parameter properties.value is not specified.");
      else core.secrets.update(vault, id.name, undefined, { contentType, attributes, tags });
      return shown(vault, core.secrets.get(vault, id.name));
    },
    list: (core, scope) => {
      const vault = vaultNamed(core.resources, scope.split("/").at(-1) ?? "");
      return vault ? core.secrets.in(vault.key).map((secret) => shown(vault, secret)) : [];
    },
  },
};

function vaultAround(core: Core, id: ResourceId): Vault | undefined {
  return vaultNamed(core.resources, id.scope.split("/").at(-1) ?? "");
}

function shown(vault: Vault, secret: Secret): JsonObject {
  const version = newestOf(secret);
  const uri = `${vault.uri}/secrets/${secret.name}`;
  const { recoverableDays: _days, recoveryLevel: _level, ...attributes } = attributesOf(vault, version);
  return {
    id: `${vault.resource.id}/secrets/${secret.name}`,
    name: secret.name,
    type: "Microsoft.KeyVault/vaults/secrets",
    location: vault.location,
    tags: version.tags,
    properties: {
      attributes,
      ...(version.contentType !== undefined && { contentType: version.contentType }),
      secretUri: uri,
      secretUriWithVersion: `${uri}/${version.id}`,
    },
  };
}
