import type { Clock } from "../clock";
import type { Caller } from "../entra/tokens";
import { isObject, type Json, listAt, textAt } from "../json";
import type { Resource } from "../model";
import type { Store } from "../store/store";
import { ArmRefusal } from "./arm-refusal";
import { BUILT_IN_ROLES } from "./built-in-roles";
import { keyOf, within } from "./resource-id";
import type { Resources } from "./resources";

/** What a role lets do. Patterns may hold `*`, which stands for anything. */
export interface Permission {
  readonly actions: readonly string[];
  readonly notActions: readonly string[];
  readonly dataActions: readonly string[];
  readonly notDataActions: readonly string[];
}

export type Plane = "control" | "data";

const ASSIGNMENTS = "Microsoft.Authorization/roleAssignments";

/** Azure's role-based access control, computed from the role assignments that ARM keeps. */
export class RoleAccess {
  constructor(
    private readonly store: Store,
    private readonly clock: Clock,
    private readonly resources: Resources,
  ) {}

  /** The assignment that lets a principal do something to what lies at `scope`; undefined when none does. */
  assignmentFor(principalId: string, action: string, scope: string, plane: Plane): Resource | undefined {
    const delay = plane === "data" ? this.store.tables.switches.roleAssignmentDelay * 1_000 : 0;
    return this.resources.ofType(ASSIGNMENTS).find(({ body, createdAt }) => {
      const about = (name: string) => textAt(body, "properties", name) ?? "";
      return (
        keyOf(about("principalId")) === keyOf(principalId) &&
        within(scope, about("scope")) &&
        Date.parse(createdAt) + delay <= this.clock.now() &&
        this.permissions(about("roleDefinitionId")).some((one) => allows(one, action, plane))
      );
    }) as Resource | undefined;
  }

  /** Refuses what the caller has no role for, as ARM does. */
  require(caller: Caller, action: string, scope: string): void {
    if (this.assignmentFor(caller.oid, action, scope, "control")) return;
    throw new ArmRefusal(
      403,
      "AuthorizationFailed",
      `The client '${caller.appId}' with object id '${caller.oid}' does not have authorization to perform action ` +
        `'${action}' over scope '${scope}' or the scope is invalid. If access was recently granted, please refresh ` +
        "your credentials.",
    );
  }

  /** @param definition id of a built-in role or a custom one. */
  private permissions(definition: string): readonly Permission[] {
    const name = keyOf(definition).split("/").at(-1) ?? "";
    const builtIn = BUILT_IN_ROLES.find((role) => role.id === name);
    if (builtIn) return [builtIn.permission];
    const custom = this.resources.ofType("Microsoft.Authorization/roleDefinitions");
    const found = custom.find((role) => keyOf(role.name) === name);
    return listAt(found?.body, "properties", "permissions").map(permissionOf);
  }
}

/** @param permission one of a role definition's, as ARM has it. */
export function permissionOf(permission: Json): Permission {
  const names = (list: string) => listAt(isObject(permission) ? permission : {}, list).map(String);
  return {
    actions: names("actions"),
    notActions: names("notActions"),
    dataActions: names("dataActions"),
    notDataActions: names("notDataActions"),
  };
}

/** Whether one permission lets something be done. What it excludes is only excluded from itself. */
export function allows(permission: Permission, action: string, plane: Plane): boolean {
  const [granted, excluded] =
    plane === "data"
      ? [permission.dataActions, permission.notDataActions]
      : [permission.actions, permission.notActions];
  return granted.some((one) => covers(one, action)) && !excluded.some((one) => covers(one, action));
}

function covers(pattern: string, action: string): boolean {
  const source = pattern.split("*").map((part) => part.replace(/[.+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${source.join(".*")}$`, "i").test(action);
}
