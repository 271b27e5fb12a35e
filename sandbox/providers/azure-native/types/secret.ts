import type { Definition } from "../arm/definition";
import { flag, integer, object, outputs, required, text } from "../shape/property";
import { nameAndType, tags } from "./shared-rows";
import { vaultName } from "./vault";
import { deleteInVault, VAULT_API } from "./vault-child";

/** A secret of a vault. Azure never tells its value: the inputs alone have it. ARM deletes no secret. */
export const secret: Definition = {
  token: "azure-native:keyvault:Secret",
  noun: "secret",
  path: "/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}/providers/Microsoft.KeyVault/vaults/{vaultName}/secrets/{secretName}",
  names: {
    vaultName,
    secretName: { pattern: /^[a-zA-Z0-9-]{1,127}$/, form: "at most 127 letters, digits and dashes" },
  },
  apiVersion: VAULT_API,
  properties: {
    properties: required(
      object({
        attributes: object({
          enabled: flag,
          expires: { ...integer, wire: "exp" },
          notBefore: { ...integer, wire: "nbf" },
          ...outputs({ created: integer, updated: integer }),
        }),
        contentType: text,
        value: { ...text, writeOnly: true },
        ...outputs({ secretUri: text, secretUriWithVersion: text }),
      }),
    ),
    ...tags,
    ...outputs({ location: text }),
    ...nameAndType,
  },

  delete: (azure, id) => deleteInVault(azure, "secrets", id),
};
