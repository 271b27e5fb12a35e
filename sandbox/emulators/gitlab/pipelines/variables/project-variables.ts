import type { CiVariable } from "../contract";

/** Where a job runs, as far as variables care. */
export interface VariableScope {
  readonly protectedRef: boolean;
  readonly environment?: string;
}

/**
 * The variables that a job gets to see: protected ones only on protected refs, scoped ones only in a matching environment. Of
 * several with one key the best scope wins.
 */
export function visibleVariables(
  variables: readonly CiVariable[],
  { protectedRef, environment }: VariableScope,
): CiVariable[] {
  const chosen = new Map<string, CiVariable>();
  for (const variable of variables) {
    if (variable.protected && !protectedRef) continue;
    if (!scopeMatches(variable.environmentScope, environment)) continue;
    const rival = chosen.get(variable.key);
    if (!rival || weight(variable) >= weight(rival)) chosen.set(variable.key, variable);
  }
  return [...chosen.values()];
}

function scopeMatches(scope: string, environment: string | undefined): boolean {
  if (scope === "*") return true;
  if (environment === undefined) return false;
  const pattern = scope.split("*").map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${pattern.join(".*")}$`, "s").test(environment);
}

/** An exact scope is the best, then the longest pattern, then `*`. */
function weight({ environmentScope }: CiVariable): number {
  const exact = environmentScope.includes("*") ? 0 : 1_000;
  return exact + environmentScope.length;
}
