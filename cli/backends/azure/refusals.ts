import { CliError } from "../../errors/cli-error";
import type { HttpAnswer } from "../http/http-connection";
import type { AzureKey } from "./azure-key";
import { vaultErrorOf } from "./vault-error";

/** What is asked of a key, and the data action that it needs; Managed HSM has actions of its own. */
const ACTIONS = {
  vaults: {
    read: "vaults/keys/read",
    decrypt: "vaults/keys/decrypt/action",
    update: "vaults/keys/update/action",
    role: "Key Vault Crypto User",
  },
  hsm: {
    read: "managedHsm/keys/read/action",
    decrypt: "managedHsm/keys/decrypt/action",
    update: "managedHsm/keys/write/action",
    role: "Managed HSM Crypto User",
  },
} as const;

/**
 * Why a vault did not do what was asked of one key, and what would mend it.
 *
 * @param version of the key, where one was named
 * @throws CliError for a token that is no good for this vault at all
 */
export function refusal(
  { key, vault, name, resource }: AzureKey,
  verb: "read" | "decrypt" | "update",
  version: string | undefined,
  { status, body }: HttpAnswer,
): string {
  const { code, message } = vaultErrorOf(body);
  const told = [code, message].filter((part) => part !== "").join(": ");
  const named = version === undefined ? key : `version ${version} of ${key}`;
  if (status === 401)
    throw new CliError(
      `${vault} takes no token of this identity (${told || "401"}); is AZURE_TENANT_ID the vault's tenant, and the clock right?`,
    );
  if (status === 403 && /^ForbiddenBy(Firewall|Connection)$/.test(code)) return shutOut(vault, code);
  if (status === 403 && /KeyDisabled|on a disabled key/.test(told))
    return `${named} is disabled; ${enabling(vault, name, version)}`;
  if (status === 403 && /not permitted|KeyOperationForbidden/i.test(told))
    return `${named} is not made to ${verb}: its key operations leave that out`;
  const needed = ACTIONS[resource.includes("managedhsm") ? "hsm" : "vaults"];
  if (status === 403)
    return `${vault} does not let this identity ${verb} ${verb === "update" ? "" : "by "}${name}: it needs Microsoft.KeyVault/${needed[verb]} on the key, as ${needed.role} has it (${code || "403"})`;
  if (status === 404)
    return `${vault} has no ${version === undefined ? "" : `version ${version} of `}key ${name}; was it deleted, or is the file another vault's?`;
  if (status === 400 && verb === "decrypt")
    return `it was not wrapped by ${named}, or was cut short; restore the file from git`;
  return `${vault} answered ${status} for ${named}${told === "" ? "" : `: ${told}`}`;
}

/** For a vault that takes no requests from this network, whoever makes them. */
export function shutOut(vault: string, code: string): string {
  return `${vault} lets no requests in from here (${code}); run this where its network rules or its private endpoint let it`;
}

/** How a version is enabled again. */
export function enabling(vault: string, name: string, version: string | undefined): string {
  const id = [vault, "keys", name, ...(version === undefined ? [] : [version])].join("/");
  return `az keyvault key set-attributes --id ${id} --enabled true`;
}
