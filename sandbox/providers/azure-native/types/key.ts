import type { Definition } from "../arm/definition";
import {
  type Fields,
  flag,
  inProperties,
  integer,
  listOf,
  object,
  outputs,
  required,
  text,
} from "../shape/property";
import { nameAndType, tags } from "./shared-rows";
import { vaultName } from "./vault";
import { deleteInVault, VAULT_API } from "./vault-child";

/** The SDK has a key's properties in an object as inputs, and beside the others as outputs. */
const keyProperties: Fields = {
  attributes: object({
    enabled: flag,
    expires: { ...integer, wire: "exp" },
    exportable: flag,
    notBefore: { ...integer, wire: "nbf" },
    ...outputs({ created: integer, recoveryLevel: text, updated: integer }),
  }),
  curveName: { ...text, oneOf: ["P-256", "P-384", "P-521", "P-256K"] },
  keyOps: {
    kind: "list",
    of: {
      ...text,
      oneOf: ["encrypt", "decrypt", "sign", "verify", "wrapKey", "unwrapKey", "import", "release"],
    },
  },
  keySize: integer,
  kty: { ...text, oneOf: ["EC", "EC-HSM", "RSA", "RSA-HSM"] },
  releasePolicy: object({ contentType: text, data: text }),
  rotationPolicy: object({
    attributes: object({ expiryTime: text, ...outputs({ created: integer, updated: integer }) }),
    lifetimeActions: listOf(
      object({
        action: object({ type: { ...text, oneOf: ["rotate", "notify"] } }),
        trigger: object({ timeAfterCreate: text, timeBeforeExpiry: text }),
      }),
    ),
  }),
};

/** A key of a vault. ARM only ever makes its first version: it changes none, and deletes none. */
export const key: Definition = {
  token: "azure-native:keyvault:Key",
  noun: "key",
  path: "/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}/providers/Microsoft.KeyVault/vaults/{vaultName}/keys/{keyName}",
  names: {
    vaultName,
    keyName: { pattern: /^[a-zA-Z0-9-]{1,127}$/, form: "at most 127 letters, digits and dashes" },
  },
  apiVersion: VAULT_API,
  properties: { properties: required(object(keyProperties)), ...tags },
  outputs: {
    ...inProperties(keyProperties),
    ...inProperties(outputs({ keyUri: text, keyUriWithVersion: text })),
    ...outputs({ location: text }),
    ...tags,
    ...nameAndType,
  },

  /** Azure would say that all went well: better said here than believed by the state. */
  write(azure, id, body, { keyName }, isNew) {
    if (isNew) return azure.arm.put(id, VAULT_API, body, `create key ${String(keyName)}`);
    throw new Error(
      `key ${String(keyName)} would stay as it is: ARM answers every change of a key with success, and makes none. Change it by the ` +
        "vault's own API (az keyvault key set-attributes, az keyvault key rotation-policy update), then refresh",
    );
  },

  delete: (azure, id) => deleteInVault(azure, "keys", id),
};
