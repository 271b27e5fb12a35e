import { DiffResponse, PropertyDiff } from "@pulumi/pulumi/proto/provider_pb";
import { type Change, valueAt } from "./compare";
import { parsePath } from "./property-path";
import type { Difference, PlainMap } from "./resource-type";

const KINDS: Readonly<Record<Change, { update: PropertyDiff.Kind; replace: PropertyDiff.Kind }>> = {
  add: { update: PropertyDiff.Kind.ADD, replace: PropertyDiff.Kind.ADD_REPLACE },
  delete: { update: PropertyDiff.Kind.DELETE, replace: PropertyDiff.Kind.DELETE_REPLACE },
  update: { update: PropertyDiff.Kind.UPDATE, replace: PropertyDiff.Kind.UPDATE_REPLACE },
};

/** The engine's form of a difference: each path with its kind, and the top-level properties it touches. */
export function diffResponse(difference: Difference, before: PlainMap, after: PlainMap): DiffResponse {
  const response = new DiffResponse().setHasdetaileddiff(true);
  const changed = new Set<string>();
  const replaced = new Set<string>();
  for (const [path, cost] of difference.changes) {
    const top = String(parsePath(path)[0]);
    changed.add(top);
    if (cost === "replace") replaced.add(top);
    const kind = KINDS[changeAt(path, before, after)][cost];
    response.getDetaileddiffMap().set(path, new PropertyDiff().setKind(kind).setInputdiff(true));
  }
  return response
    .setChanges(changed.size > 0 ? DiffResponse.DiffChanges.DIFF_SOME : DiffResponse.DiffChanges.DIFF_NONE)
    .setDiffsList([...changed])
    .setReplacesList([...replaced])
    .setDeletebeforereplace(difference.deleteBeforeReplace ?? false);
}

function changeAt(path: string, before: PlainMap, after: PlainMap): Change {
  if (valueAt(before, path) === undefined) return "add";
  return valueAt(after, path) === undefined ? "delete" : "update";
}
