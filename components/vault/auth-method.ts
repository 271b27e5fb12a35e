import type * as pulumi from "@pulumi/pulumi";
import type { DecryptorLoginArgs } from "./login";

/** Where an auth method is mounted and what marks it as this stack's, whichever method it is. */
export function authMethodInputs({ mount, existing }: DecryptorLoginArgs) {
  return { path: mount, description: existing.mark };
}

export function authMethodOptions(
  parent: pulumi.Resource,
  { mount, existing }: DecryptorLoginArgs,
): pulumi.CustomResourceOptions {
  return {
    parent,
    // A description is fixed when the method is enabled: to change it would be to enable the method anew.
    ignoreChanges: ["description"],
    // In place, the state would keep the old path as the id.
    replaceOnChanges: ["path"],
    ...existing.mounted("auth", mount),
  };
}

/** The token that Flux gets: it logs in for every build and drops the token, so nothing is kept in Vault's storage. */
export function decryptorToken({ policy, tokenTtl }: DecryptorLoginArgs) {
  return { tokenPolicies: [policy], tokenTtl, tokenType: "batch", tokenNoDefaultPolicy: true };
}
