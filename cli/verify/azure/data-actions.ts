const KEYS = "Microsoft.KeyVault/vaults/keys/";

/** A role's permissions as Resource Manager tells them. */
export interface Permission {
  readonly dataActions?: readonly string[];
  readonly notDataActions?: readonly string[];
}

/** Operations on a key that the program's own roles know, and those by which others come to a data key or to the key. */
const OPERATIONS = [
  ...["read", "encrypt", "decrypt", "wrap", "unwrap", "rotate", "delete", "backup"],
  ...["release", "sign", "update", "create", "import", "purge"],
];

/** Which of them a role allows: those of any of its parts, each without what that part takes back. */
export function operationsOf(permissions: readonly Permission[]): string[] {
  return OPERATIONS.filter((operation) =>
    permissions.some(
      ({ dataActions = [], notDataActions = [] }) =>
        dataActions.some((pattern) => covers(pattern, operation)) &&
        !notDataActions.some((pattern) => covers(pattern, operation)),
    ),
  );
}

/** A star stands for anything, and case for nothing. */
function covers(pattern: string, operation: string): boolean {
  const isPlain = operation === "read" || operation === "delete";
  const action = isPlain ? `${KEYS}${operation}` : `${KEYS}${operation}/action`;
  const parts = pattern.split("*").map((part) => part.replace(/[.+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${parts.join(".*")}$`, "i").test(action);
}
