import type { KeyCreateParameters, KeyVaultManagementClient } from "@azure/arm-keyvault";
import { z } from "zod";
import type { Core } from "../../core";
import type { JsonObject } from "../../json";
import { attributesOf, newestOf } from "../../keyvault/bundles";
import { shapeOf } from "../../keyvault/crypto";
import type { Key, KeyVersion } from "../../keyvault/model";
import { policySchema, shownPolicy } from "../../keyvault/rotation-policy";
import { type Vault, vaultNamed } from "../../keyvault/vaults";
import { badRequest } from "../arm-refusal";
import { OfficialModel } from "../official-model";
import { parsePath, type ResourceId } from "../resource-id";
import type { ResourceType } from "../resource-type";
import { KEYVAULT_VERSIONS } from "./vaults";

const values = z.object({
  kty: z.string(),
  keyOps: z.array(z.string()).optional(),
  keySize: z.number().int().optional(),
  attributes: z
    .object({ enabled: z.boolean().optional(), nbf: z.number().optional(), exp: z.number().optional() })
    .optional(),
  rotationPolicy: policySchema.optional(),
});

/** Keys as ARM sees them: it makes the first version, reads, and does nothing else. */
export const vaultKeys: ResourceType = {
  name: "Microsoft.KeyVault/vaults/keys",
  apiVersions: KEYVAULT_VERSIONS,
  model: new OfficialModel<KeyVaultManagementClient, KeyCreateParameters>({
    client: async ({ credential, options }) => {
      const { KeyVaultManagementClient: Client } = await import("@azure/arm-keyvault");
      return new Client(credential, "none", options);
    },
    // What it reads has no properties within properties; what it writes does.
    read: async (client) => {
      const { tags, ...properties } = await client.keys.get("group", "vault", "key");
      return { properties, ...(tags && { tags }) };
    },
    write: (client, model) => client.keys.createIfNotExist("group", "vault", "key", model),
  }),
  elsewhere: {
    get: (core, id) => {
      const vault = vaultAround(core, id);
      const key = vault && core.keys.find(vault, id.name);
      return key && shown(vault, key, newestOf(key));
    },
    /** A key that is there stays as it is, whatever the body says. */
    put: async ({ core, id, body }) => {
      const vault = vaultAround(core, id);
      if (vault === undefined) throw badRequest("The vault of the key is not there.");
      const known = core.keys.find(vault, id.name);
      if (known) return shown(vault, known, newestOf(known));
      const parsed = values.safeParse(body.properties);
      if (!parsed.success) {
        const [issue] = parsed.error.issues;
        throw badRequest(`properties.${issue?.path.join(".")}: ${issue?.message}`);
      }
      const { kty, keyOps: ops, keySize: size, attributes, rotationPolicy } = parsed.data;
      const tags = (body.tags ?? {}) as Record<string, string>;
      await core.keys.create(vault, id.name, { kty, ops, size, attributes, tags });
      if (rotationPolicy) core.keys.setPolicy(vault, id.name, rotationPolicy);
      const key = core.keys.get(vault, id.name);
      return shown(vault, key, newestOf(key));
    },
    list: (core, scope) => {
      const vault = vaultNamed(core.resources, scope.split("/").at(-1) ?? "");
      return vault ? core.keys.in(vault.key).map((key) => shown(vault, key, newestOf(key))) : [];
    },
  },
};

export const keyVersions: ResourceType = {
  name: "Microsoft.KeyVault/vaults/keys/versions",
  apiVersions: KEYVAULT_VERSIONS,
  elsewhere: {
    get: (core, id) => {
      const path = parsePath(id.scope);
      if (path?.kind !== "resource") return undefined;
      const vault = vaultAround(core, path.id);
      const key = vault && core.keys.find(vault, path.id.name);
      const version = key?.versions.find((one) => one.id === id.name.toLowerCase());
      return version && vault && key && shown(vault, key, version, id.name);
    },
    list: (core, scope) => {
      const path = parsePath(scope);
      const vault = path?.kind === "resource" ? vaultAround(core, path.id) : undefined;
      const key = vault && core.keys.find(vault, scope.split("/").at(-1) ?? "");
      return vault && key ? key.versions.map((version) => shown(vault, key, version, version.id)) : [];
    },
  },
};

function vaultAround(core: Core, id: ResourceId): Vault | undefined {
  return vaultNamed(core.resources, id.scope.split("/").at(-1) ?? "");
}

function shown(vault: Vault, key: Key, version: KeyVersion, versionName?: string): JsonObject {
  const id = `${vault.resource.id}/keys/${key.name}`;
  const uri = `${vault.uri}/keys/${key.name}`;
  const { recoverableDays: _days, ...attributes } = attributesOf(vault, version);
  const ofVersion = versionName !== undefined;
  return {
    id: ofVersion ? `${id}/versions/${versionName}` : id,
    name: versionName ?? key.name,
    type: ofVersion ? "Microsoft.KeyVault/vaults/keys/versions" : "Microsoft.KeyVault/vaults/keys",
    location: vault.location,
    tags: version.tags,
    properties: {
      attributes: { ...attributes, exportable: false },
      kty: version.kty,
      keyOps: version.ops,
      keySize: shapeOf(version.privateKey).size,
      keyUri: uri,
      keyUriWithVersion: `${uri}/${version.id}`,
      ...(key.policy && { rotationPolicy: shownPolicy(key.policy, true) }),
    },
  };
}
