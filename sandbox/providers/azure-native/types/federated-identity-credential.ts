import type { InputFailure, PlainMap } from "../../engine/resource-type";
import { isList } from "../../engine/wire";
import type { Definition } from "../arm/definition";
import { inProperties, required, text, texts } from "../shape/property";
import { nameAndType, systemData } from "./shared-rows";
import { identityName } from "./user-assigned-identity";

/** A trust of a managed identity in the tokens of somebody else's issuer. */
export const federatedIdentityCredential: Definition = {
  token: "azure-native:managedidentity:FederatedIdentityCredential",
  noun: "federated identity credential",
  path: "/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/{resourceName}/federatedIdentityCredentials/{federatedIdentityCredentialResourceName}",
  names: {
    resourceName: identityName,
    federatedIdentityCredentialResourceName: {
      pattern: /^[a-zA-Z0-9][-\w]{2,119}$/,
      form: "3 to 120 letters, digits, - and _, with a letter or a digit first",
    },
  },
  apiVersion: "2023-01-31",
  properties: {
    ...inProperties({ audiences: required(texts), issuer: required(text), subject: required(text) }),
    ...nameAndType,
    ...systemData,
  },
  check: ({ audiences }: PlainMap): InputFailure[] =>
    isList(audiences) && audiences.length !== 1
      ? [{ path: "audiences", reason: "audiences must have one entry: Azure takes neither none nor more" }]
      : [],
};
