import { builtInRole } from "../../../policies/reading/azure";
import type { PlainObject } from "../../preview-comment/secrets/pulumi-values";
import { isObject } from "../../preview-comment/secrets/pulumi-values";
import { RIGHTS, type Right } from "../report-schema";
import { textsAt } from "./facts";

const KEYS = "microsoft.keyvault/vaults/keys";

/** Azure's data actions on a key by what they let their holder do; to unwrap is to decrypt by another name. */
const DATA_ACTIONS: readonly (readonly [action: string, right: Right])[] = [
  [`${KEYS}/decrypt/action`, "decrypt"],
  [`${KEYS}/unwrap/action`, "decrypt"],
  [`${KEYS}/release/action`, "export"],
  [`${KEYS}/backup/action`, "backup"],
  [`${KEYS}/delete`, "delete"],
  [`${KEYS}/purge/action`, "delete"],
  [`${KEYS}/update/action`, "configure"],
  [`${KEYS}/rotate/action`, "rotate"],
  [`${KEYS}/encrypt/action`, "encrypt"],
  [`${KEYS}/wrap/action`, "encrypt"],
  [`${KEYS}/read`, "read versions"],
];
const ASSIGN = "microsoft.authorization/roleassignments/write";

const EVERYTHING: readonly Right[] = DATA_ACTIONS.map(([, right]) => right);
/** What Azure's own roles give of it. */
const BUILT_IN: Readonly<Record<string, readonly Right[]>> = {
  Owner: ["give rights"],
  Contributor: [],
  "User Access Administrator": ["give rights"],
  "Role Based Access Control Administrator": ["give rights"],
  "Key Vault Administrator": EVERYTHING,
  // To make the vault ask access policies again would be to give rights.
  "Key Vault Contributor": ["give rights"],
  "Key Vault Crypto Officer": EVERYTHING,
  "Key Vault Crypto User": ["decrypt", "backup", "configure", "encrypt", "read versions"],
  "Key Vault Crypto Service Encryption User": ["decrypt", "encrypt", "read versions"],
};

/** What one of Azure's own roles gives; undefined for a role of one's own. */
export function builtInRights(
  roleId: string,
): { readonly name: string; readonly rights: readonly Right[] } | undefined {
  const name = builtInRole(roleId);
  return name === undefined ? undefined : { name, rights: inOrder(BUILT_IN[name] ?? []) };
}

/** What the permissions of a role definition give. @param permissions as ARM has them. */
export function rightsOfPermissions(permissions: unknown): readonly Right[] {
  const found = (Array.isArray(permissions) ? permissions : []).filter(isObject).flatMap((permission) => {
    const data = DATA_ACTIONS.filter(([action]) =>
      allows(permission, "dataActions", "notDataActions", action),
    );
    const assigns = allows(permission, "actions", "notActions", ASSIGN);
    return [...data.map(([, right]) => right), ...(assigns ? (["give rights"] as const) : [])];
  });
  return inOrder(found);
}

/** Operations as the output `audit` names them. */
export function rightsOfOperations(operations: readonly string[]): readonly Right[] {
  return inOrder(
    operations.map((operation) => (operation === "read" ? "read versions" : (operation as Right))),
  );
}

function allows(permission: PlainObject, granted: string, taken: string, action: string): boolean {
  const fits = (name: string) => textsAt(permission, name).some((pattern) => matches(pattern, action));
  return fits(granted) && !fits(taken);
}

function matches(pattern: string, action: string): boolean {
  const parts = pattern
    .toLowerCase()
    .split("*")
    .map((part) => part.replace(/[.+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${parts.join(".*")}$`).test(action);
}

/** Each once, what matters most first. */
export function inOrder(rights: readonly string[]): Right[] {
  return RIGHTS.filter((right) => rights.includes(right));
}
