import { masked } from "../secrets/masks";
import { ownProperty, SECRET } from "../secrets/pulumi-values";
import { shownPair } from "../secrets/shown-values";
import { compare } from "./compare";
import type { PropertyChange } from "./preview";
import { pathSteps, valueAt } from "./property-path";
import { partsOf, type Step, type StepState } from "./step";

interface Place {
  readonly path: string;
  readonly isInputDiff: boolean;
  readonly forcesReplacement: boolean;
}

/** The properties that a step changes, in the order of their paths; all inputs of a resource that is new. */
export function propertyChanges(step: Step): PropertyChange[] {
  return placesOf(step)
    .map((place) => changeAt(step, place))
    .sort((a, b) => Number(b.forcesReplacement) - Number(a.forcesReplacement) || compare(a.path, b.path));
}

function placesOf({ detailed, diffs, keys, old, new: now }: Step): Place[] {
  if (old === undefined)
    return Object.keys(now?.inputs ?? {}).map((name) => ({
      path: pathTo(name),
      isInputDiff: true,
      forcesReplacement: false,
    }));
  if (now === undefined) return [];
  if (detailed !== undefined && Object.keys(detailed).length > 0)
    return Object.entries(detailed).map(([path, { kind, isInputDiff }]) => ({
      path,
      isInputDiff,
      forcesReplacement: kind.endsWith("-replace"),
    }));
  const named = [...new Set([...keys, ...diffs])];
  const changed = named.length > 0 ? named : differing(old, now);
  return changed.map((name) => ({
    path: pathTo(name),
    isInputDiff: true,
    forcesReplacement: keys.includes(name),
  }));
}

function changeAt(step: Step, { path, isInputDiff, forcesReplacement }: Place): PropertyChange {
  const steps = pathSteps(path);
  const { old, new: now } = step;
  const { type } = partsOf(step.urn);
  const isSecret = [old, now].some((state) => state !== undefined && isMarked(state, steps));
  const pair = shownPair(
    type,
    steps,
    isSecret && old !== undefined ? SECRET : oldValue(old, steps, isInputDiff),
    isSecret && now !== undefined ? SECRET : plainAt(now?.inputs, steps),
  );
  return { path: masked(path), forcesReplacement, ...pair };
}

/** Whether a property, or one on the way to it, is secret among the inputs or the outputs of a state. */
function isMarked(
  { inputs, outputs, secretOutputs }: StepState,
  steps: readonly (string | number)[],
): boolean {
  const [first] = steps;
  if (typeof first === "string" && secretOutputs.includes(first)) return true;
  return [inputs, outputs].some((values) => plainAt(values, steps) === SECRET);
}

/** A provider's diff of inputs against the old state means the state, where that has the property at all. */
function oldValue(old: StepState | undefined, steps: readonly (string | number)[], isInputDiff: boolean) {
  const input = plainAt(old?.inputs, steps);
  return isInputDiff ? input : (plainAt(old?.outputs, steps) ?? input);
}

function plainAt(values: unknown, steps: readonly (string | number)[]): unknown {
  // Pulumi holds null to be absent.
  return valueAt(values, steps) ?? undefined;
}

function differing(old: StepState, now: StepState): string[] {
  const names = [...new Set([...Object.keys(old.inputs), ...Object.keys(now.inputs)])];
  const text = (state: StepState, name: string) => JSON.stringify(ownProperty(state.inputs, name));
  return names.filter((name) => text(old, name) !== text(now, name));
}

/** A top-level name as a path: one with a dot in it would be read as two steps. */
function pathTo(name: string): string {
  return /^[\w$-]+$/.test(name) ? name : `[${JSON.stringify(name)}]`;
}
