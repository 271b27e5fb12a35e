import { listOf } from "../../../verify/vault-access";
import type { Fields } from "./facts";

/** Operations of a key that a role may allow, by what Azure calls them. */
const OPERATIONS: Readonly<Record<string, string>> = {
  decrypt: "keys/decrypt/action",
  unwrap: "keys/unwrap/action",
  release: "keys/release/action",
  backup: "keys/backup/action",
  encrypt: "keys/encrypt/action",
  wrap: "keys/wrap/action",
  sign: "keys/sign/action",
  rotate: "keys/rotate/action",
  update: "keys/update/action",
  create: "keys/create/action",
  import: "keys/import/action",
  delete: "keys/delete",
  purge: "keys/purge/action",
  read: "keys/read",
};

/** Those by which one comes to data keys, or to the key itself. */
export const SEEING: ReadonlySet<string> = new Set(["decrypt", "unwrap", "release", "backup"]);

/** Which of them a role's permissions allow: those of any of its parts, each without what that part takes back. */
export function operationsOf(permissions: readonly Fields[]): string[] {
  return Object.entries(OPERATIONS).flatMap(([name, action]) => {
    const whole = `Microsoft.KeyVault/vaults/${action}`;
    const allowed = permissions.some(
      ({ dataActions, notDataActions }) =>
        listOf(dataActions).some((pattern) => fits(pattern, whole)) &&
        !listOf(notDataActions).some((pattern) => fits(pattern, whole)),
    );
    return allowed ? [name] : [];
  });
}

/** A star stands for anything, and case for nothing. */
function fits(pattern: string, action: string): boolean {
  const parts = pattern.split("*").map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${parts.join(".*")}$`, "i").test(action);
}
