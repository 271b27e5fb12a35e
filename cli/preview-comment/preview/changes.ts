import { masked } from "../secrets/masks";
import type { PlainObject } from "../secrets/pulumi-values";
import { compare } from "./compare";
import { CHANGE_KINDS, type ChangeKind, type ResourceChange } from "./preview";
import { propertyChanges } from "./property-changes";
import { partsOf, type Step, type StepState } from "./step";

const KINDS = new Map<string, ChangeKind | undefined>([
  ["create", "create"],
  ["update", "update"],
  ["delete", "delete"],
  ["import", "import"],
  ["replace", "replace"],
  ["create-replacement", "replace"],
  ["delete-replaced", "replace"],
  ["import-replacement", "replace"],
  ["remove-pending-replace", "replace"],
  ["discard-replaced", "replace"],
  ["read-replacement", "replace"],
  // Nothing that `pulumi up` would change.
  ["same", undefined],
  ["read", undefined],
  ["discard", undefined],
  ["refresh", undefined],
  ["diff", undefined],
  ["extend-parameterize", undefined],
]);

/** What becomes of each resource. The several steps of a replacement are one change. */
export function changesOf(steps: readonly Step[]): ResourceChange[] {
  const chosen = new Map<string, { kind: ChangeKind; step: Step }>();
  for (const step of steps) {
    const kind = KINDS.has(step.op) ? KINDS.get(step.op) : "other";
    if (kind === undefined) continue;
    const key = `${kind} ${step.urn}`;
    const other = chosen.get(key)?.step;
    // Of a replacement's steps only this one has both states.
    if (other === undefined || step.op === "replace") chosen.set(key, { kind, step });
  }
  const rank = ({ kind }: ResourceChange) => CHANGE_KINDS.indexOf(kind);
  // Not the engine's order, which depends on which resource was the quicker.
  return [...chosen.values()]
    .map(changeOf)
    .sort((a, b) => rank(a) - rank(b) || compare(a.type, b.type) || compare(a.urn, b.urn));
}

function changeOf({ kind, step }: { kind: ChangeKind; step: Step }): ResourceChange {
  const { type, name } = partsOf(step.urn);
  return {
    kind,
    op: masked(step.op),
    urn: masked(step.urn),
    type: masked(type),
    name: masked(name),
    isProtected: (step.old ?? step.new)?.isProtected ?? false,
    isRetained: (step.old ?? step.new)?.isRetained ?? false,
    before: valuesOf(step.old),
    after: valuesOf(step.new),
    properties: propertyChanges(step),
  };
}

function valuesOf(state: StepState | undefined): PlainObject {
  return state ? { ...state.inputs, ...state.outputs } : {};
}
