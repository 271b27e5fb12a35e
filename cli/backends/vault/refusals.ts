import { CliError } from "../../errors/cli-error";
import { policyPath, type TransitKey } from "./transit-key";
import { errorsOf, type VaultAnswer } from "./vault-answer";

const NEEDED = { keys: "read", rewrap: "update", decrypt: "update", hmac: "update" } as const;

/**
 * Why Vault did not do what was asked of one key, and what would mend it. @throws CliError for a token that is no good anywhere.
 */
export function refusal(key: TransitKey, verb: keyof typeof NEEDED, { status, body }: VaultAnswer): string {
  const { address, mount, name } = key;
  const told = errorsOf(body);
  if (status === 403 && /invalid token|bad token/i.test(told)) throw deadToken(address);
  if (status === 401) throw deadToken(address);
  if (status === 403)
    return `Vault at ${address} does not let this token ${verb === "keys" ? "read" : verb}: its policy needs "${NEEDED[verb]}" on ${policyPath(key, verb)}`;
  if (status === 404 && /no handler for route|route entry not found/i.test(told))
    return `Vault at ${address} has no secrets engine at "${mount}"; is VAULT_NAMESPACE right?`;
  if (status === 404 || /encryption key not found/i.test(told))
    return `Vault at ${address} has no key "${name}" under ${mount}`;
  return `Vault at ${address} answered ${status} for ${policyPath(key, verb)}${told === "" ? "" : `: ${told}`}`;
}

function deadToken(address: string): CliError {
  return new CliError(
    `Vault at ${address} does not know this token: it has expired or was revoked; log in again and set VAULT_TOKEN`,
  );
}
