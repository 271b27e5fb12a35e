import type { PlainMap, PlainValue } from "../engine/resource-type";
import { isList, isMap } from "../engine/wire";
import { metadataOf } from "./manifest";

/**
 * A set of fields as the API server writes it: `f:name` a field, `k:{…}` a list item by its keys, `v:…` a list item by
 * its value, `i:3` by its place, `.` the map or item itself. An empty set below a step means the whole value.
 * @see https://kubernetes.io/docs/reference/using-api/server-side-apply/
 */
export type FieldTree = { readonly [step: string]: FieldTree };

export interface ManagedEntry {
  readonly manager: string;
  readonly operation: string;
  readonly subresource: string | undefined;
  readonly fields: FieldTree;
  /** As received, for sending it back. */
  readonly raw: PlainMap;
}

/** Who wrote for us before server-side apply: our own create, and a person with kubectl. */
const FORERUNNERS: readonly { readonly prefix: string; readonly operation: string }[] = [
  { prefix: "kubectl", operation: "Apply" },
  { prefix: "kubectl", operation: "Update" },
  { prefix: "before-first-apply", operation: "Update" },
  { prefix: "pulumi-kubernetes", operation: "Update" },
  { prefix: "pulumi-resource-kubernetes", operation: "Update" },
];

export function managedEntries(live: PlainMap): ManagedEntry[] {
  const { managedFields } = metadataOf(live);
  if (!isList(managedFields)) return [];
  return managedFields.filter(isMap).map((raw) => ({
    manager: String(raw.manager ?? ""),
    operation: String(raw.operation ?? ""),
    subresource: typeof raw.subresource === "string" && raw.subresource !== "" ? raw.subresource : undefined,
    fields: (raw.fieldsV1 ?? {}) as FieldTree,
    raw,
  }));
}

/** All fields that anybody set, save those that controllers report through sub-resources such as `status`. */
export function everybodysFields(live: PlainMap): FieldTree {
  return managedEntries(live)
    .filter((entry) => entry.subresource === undefined)
    .reduce<FieldTree>((all, entry) => union(all, entry.fields), {});
}

/**
 * The list of managers after `manager` has taken over from its forerunners, so that its next apply also removes what
 * they had set. `undefined` when there is nothing to take over.
 */
export function takeOver(live: PlainMap, manager: string): PlainValue[] | undefined {
  const entries = managedEntries(live);
  const isOurs = (entry: ManagedEntry) => entry.manager === manager && entry.operation === "Apply";
  const taken = entries.filter((entry) => !isOurs(entry) && isForerunner(entry));
  const [first] = taken;
  if (first === undefined) return undefined;
  const ours = entries.find((entry) => isOurs(entry) && entry.subresource === undefined);
  const fieldsV1 = taken.reduce<FieldTree>((all, entry) => union(all, entry.fields), ours?.fields ?? {});
  const merged = { ...(ours ?? first).raw, manager, operation: "Apply", fieldsV1 };
  return [
    ...entries.filter((entry) => entry !== ours && !taken.includes(entry)).map((entry) => entry.raw),
    merged,
  ];
}

export function union(a: FieldTree, b: FieldTree): FieldTree {
  const merged: Record<string, FieldTree> = { ...a };
  for (const [step, below] of Object.entries(b)) merged[step] = union(merged[step] ?? {}, below);
  return merged;
}

/** The keys that tell a list's items apart (`["name"]`), or `undefined` for a list that is one value. */
export function listKeys(tree: FieldTree | undefined): readonly string[] | undefined {
  const step = Object.keys(tree ?? {}).find((one) => one.startsWith("k:"));
  return step === undefined ? undefined : Object.keys(JSON.parse(step.slice(2)) as object);
}

/** True for a list whose items are each owned by their value (a set, such as finalizers). */
export function isSetList(tree: FieldTree | undefined): boolean {
  return Object.keys(tree ?? {}).some((one) => one.startsWith("v:"));
}

/** The part of a live value that a tree names. `undefined` when none of it is there. */
export function extract(live: PlainValue | undefined, tree: FieldTree): PlainValue | undefined {
  const steps = Object.keys(tree).filter((step) => step !== ".");
  if (live === undefined || steps.length === 0) return live;
  if (isList(live)) {
    return live.flatMap((item, index) => {
      const step = stepOf(item, index, steps);
      return step === undefined ? [] : [extract(item, tree[step] ?? {}) ?? null];
    });
  }
  if (!isMap(live)) return live;
  const kept: Record<string, PlainValue> = {};
  for (const [key, value] of Object.entries(live)) {
    const below = tree[`f:${key}`];
    const part = below && extract(value, below);
    if (part !== undefined) kept[key] = part;
  }
  return kept;
}

function stepOf(item: PlainValue, index: number, steps: readonly string[]): string | undefined {
  return steps.find((step) => {
    const text = step.slice(2);
    if (step.startsWith("i:")) return Number(text) === index;
    const wanted = JSON.parse(text) as PlainValue;
    if (step.startsWith("v:")) return wanted === item;
    return (
      isMap(item) && isMap(wanted) && Object.entries(wanted).every(([key, value]) => item[key] === value)
    );
  });
}

function isForerunner(entry: ManagedEntry): boolean {
  return (
    entry.subresource === undefined &&
    FORERUNNERS.some(
      ({ prefix, operation }) => entry.manager.startsWith(prefix) && entry.operation === operation,
    )
  );
}
