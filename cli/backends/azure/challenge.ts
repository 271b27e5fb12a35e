import { CliError } from "../../errors/cli-error";
import type { AzureKey } from "./azure-key";

/** Which token a vault wants. */
export interface Challenge {
  /** Of the vault's subscription. */
  readonly tenant: string;
  /** Such as `https://vault.azure.net/.default`. */
  readonly scope: string;
}

/**
 * What a vault answers to a request without a token. A token for another resource than the vault's own could be used elsewhere, so
 * that a server which asks for one gets none.
 *
 * @param header `WWW-Authenticate`: `Bearer authorization="https://login…/<tenant>", resource="https://vault.azure.net"`
 * @throws CliError where it is no challenge of a Key Vault
 */
export function readChallenge({ vault, resource }: AzureKey, header: string | undefined): Challenge {
  const values = new Map(
    [...(header ?? "").matchAll(/(\w+)="([^"]*)"/g)].map(([, name = "", value = ""]) => [name, value]),
  );
  const asked = (values.get("resource") ?? values.get("scope") ?? "").replace(/\/(\.default)?$/, "");
  const authorization = values.get("authorization") ?? values.get("authorization_uri") ?? "";
  const [, tenant] = /^https:\/\/[^/]+\/([0-9a-zA-Z.-]+)(?:\/.*)?$/.exec(authorization) ?? [];
  if (!/^Bearer\s/i.test(header ?? "") || asked === "" || tenant === undefined)
    throw new CliError(
      `${vault} does not ask for a token as a Key Vault does; does a proxy or another server answer in its place?`,
    );
  if (asked !== resource)
    throw new CliError(
      `${vault} asks for a token for ${asked}, and not for ${resource}; it gets none: is it really that vault?`,
    );
  return { tenant, scope: `${resource}/.default` };
}
