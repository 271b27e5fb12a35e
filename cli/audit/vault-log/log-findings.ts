import type { Finding } from "../finding";
import { VAULT_LOG_KINDS, type VaultLogKind } from "../kinds/kinds";
import type { DeclaredUsers } from "./declared-users";
import type { LogRefusedLogins, LogUse, Seen, Used } from "./vault-log-reading";

/** Operations by which one comes to data keys. */
const SEEING: ReadonlySet<string> = new Set(["decrypt"]);
/** Operations by which data keys, or the key itself, leave Vault in clear. */
const TAKING = /^(datakey\/plaintext|export\/.+|backup|byok-export(\/.+)?)$/;

/** What in the log somebody should look at. @param looks those that `isLook`, and that no rewrap explains */
export function logFindings(
  uses: readonly LogUse[],
  looks: readonly LogUse[],
  refusedLogins: readonly LogRefusedLogins[],
  users: DeclaredUsers,
): Finding[] {
  return [
    ...[...uses.filter((use) => !isLook(use)), ...looks].flatMap((use) => useFindings(use, users)),
    ...refusedLogins.map((logins) =>
      found("vault-log-logins-refused", logins.path, `${often(logins)}, from ${logins.addresses.join(", ")}`),
    ),
  ];
}

/** A refused request to decrypt by one of the loop's own logins: a rewrap makes one such. */
export function isLook({ operation, result, by }: Used): boolean {
  return operation === "decrypt" && result === "refused" && by !== undefined;
}

function useFindings(use: LogUse, users: DeclaredUsers): Finding[] {
  const { operation, identity, by, result, key } = use;
  const who = by === undefined ? identity : `${identity} (${by})`;
  if (result === "refused")
    return [found("vault-log-refused", key, `${who} was refused to ${operation} ${often(use)}`)];
  if (result !== "done") return [];
  if (TAKING.test(operation))
    return [found("vault-log-taken-out", key, `${who} did ${operation} ${often(use)}`)];
  return SEEING.has(operation) && !users.mayDecrypt(by)
    ? [found("vault-log-stranger", key, `${who} did ${operation} ${often(use)}`)]
    : [];
}

function often({ count, first, last }: Seen): string {
  return count === 1 ? `once, at ${first}` : `${count} times, from ${first} to ${last}`;
}

function found(id: VaultLogKind, where: string, what: string): Finding {
  const { severity, mend } = VAULT_LOG_KINDS[id];
  return { id, severity, origin: "vault-log", where, what, mend };
}
