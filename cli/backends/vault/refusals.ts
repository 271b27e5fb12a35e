import { CliError } from "../../errors/cli-error";
import { policyPath, type TransitKey } from "./transit-key";
import { errorsOf, type VaultAnswer } from "./vault-answer";
import { withoutSlashes } from "./without-slashes";

const NEEDED = { keys: "read", rewrap: "update", decrypt: "update", hmac: "update" } as const;

/**
 * Why Vault did not do what was asked of one key, and what would mend it. @throws CliError for a token that is no good anywhere.
 */
export function refusal(key: TransitKey, verb: keyof typeof NEEDED, answer: VaultAnswer): string {
  const { address, mount, name } = key;
  const { status, body } = answer;
  const told = errorsOf(body);
  const twice = namedTwice(mount, answer);
  if (twice !== undefined && (status === 403 || status === 404))
    return `Vault at ${address} looked for "${mount}" inside of the namespace "${twice}", which that path begins with already; unset VAULT_NAMESPACE (sops fails by it too)`;
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

/** The header's namespace, where the path names it once more. Vault takes the path as one within the header's namespace. */
function namedTwice(mount: string, { namespace = "" }: VaultAnswer): string | undefined {
  const inHeader = withoutSlashes(namespace);
  return inHeader !== "" && mount.startsWith(`${inHeader}/`) ? inHeader : undefined;
}

function deadToken(address: string): CliError {
  return new CliError(
    `Vault at ${address} does not know this token: it has expired or was revoked; log in again and set VAULT_TOKEN`,
  );
}
