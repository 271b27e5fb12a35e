import { equal } from "../engine/compare";
import type { PlainMap, PlainValue } from "../engine/resource-type";
import { isList, isMap } from "../engine/wire";
import { everybodysFields, extract, type FieldTree, isSetList, listKeys } from "./managed-fields";
import { metadataOf, withMetadata } from "./manifest";

/** What the server writes into `metadata` by itself. */
const SERVER_SIDE_METADATA = [
  "creationTimestamp",
  "deletionGracePeriodSeconds",
  "deletionTimestamp",
  "generation",
  "managedFields",
  "resourceVersion",
  "selfLink",
  "uid",
];
const REVISION = "deployment.kubernetes.io/revision";

/**
 * A live object in the shape of the inputs that made it, so that a refresh shows what became of our fields and nothing
 * else. `recorded` is the object as it was when we last wrote or read it: where live still equals it, nothing has
 * happened, and the input stands as the program spelled it (the server may have dropped an empty list, say).
 */
export function liveInputs(inputs: PlainMap, recorded: PlainMap, live: PlainMap): PlainMap {
  const shaped = shape(inputs, recorded, live, everybodysFields(live));
  return isMap(shaped) ? shaped : {};
}

/** Inputs for an object that no program has described yet: what anybody has set, without the server's own marks. */
export function importedInputs(live: PlainMap): PlainMap {
  const set = extract(live, everybodysFields(live));
  const { annotations, ...metadata } = metadataOf(isMap(set) ? set : {});
  const kept = Object.fromEntries(
    Object.entries(metadata).filter(([key]) => !SERVER_SIDE_METADATA.includes(key)),
  );
  const { [REVISION]: _revision, ...others } = isMap(annotations) ? annotations : {};
  const { name, namespace } = metadataOf(live);
  return withMetadata(
    {
      ...(isMap(set) ? set : {}),
      apiVersion: live.apiVersion ?? null,
      kind: live.kind ?? null,
      metadata: kept,
    },
    {
      ...(Object.keys(others).length > 0 && { annotations: others }),
      ...(name !== undefined && { name }),
      ...(namespace !== undefined && { namespace }),
    },
  );
}

function shape(
  input: PlainValue,
  recorded: PlainValue | undefined,
  live: PlainValue | undefined,
  tree: FieldTree | undefined,
): PlainValue | undefined {
  if (equal(recorded, live)) return input;
  if (isMap(input) && isMap(live)) return shapeMap(input, isMap(recorded) ? recorded : {}, live, tree);
  if (isList(input) && isList(live)) return shapeList(input, isList(recorded) ? recorded : [], live, tree);
  return live;
}

function shapeMap(
  input: PlainMap,
  recorded: PlainMap,
  live: PlainMap,
  tree: FieldTree | undefined,
): PlainMap {
  const shaped: Record<string, PlainValue> = {};
  for (const [key, value] of Object.entries(input)) {
    const part = shape(value, recorded[key], live[key], tree?.[`f:${key}`]);
    if (part !== undefined) shaped[key] = part;
  }
  return shaped;
}

function shapeList(
  input: readonly PlainValue[],
  recorded: readonly PlainValue[],
  live: readonly PlainValue[],
  tree: FieldTree | undefined,
): readonly PlainValue[] {
  const keys = listKeys(tree);
  if (keys !== undefined) {
    return input.flatMap((item) => {
      const now = findByKeys(live, item, keys);
      const then = findByKeys(recorded, item, keys);
      return now === undefined ? [] : [shape(item, then, now, stepBelow(tree, keys, now)) ?? null];
    });
  }
  if (isSetList(tree)) return input.filter((item) => live.includes(item));
  return live.map((item, index) => {
    const given = input[index];
    return given === undefined ? item : (shape(given, recorded[index], item, undefined) ?? null);
  });
}

/** An item that leaves out a key which the server fills in (a port's protocol) is found by the keys it has. */
function findByKeys(
  list: readonly PlainValue[],
  wanted: PlainValue,
  keys: readonly string[],
): PlainMap | undefined {
  if (!isMap(wanted)) return undefined;
  const given = keys.filter((key) => wanted[key] !== undefined);
  return list.filter(isMap).find((item) => given.every((key) => item[key] === wanted[key]));
}

function stepBelow(
  tree: FieldTree | undefined,
  keys: readonly string[],
  item: PlainMap,
): FieldTree | undefined {
  const step = Object.keys(tree ?? {}).find((one) => {
    if (!one.startsWith("k:")) return false;
    const wanted = JSON.parse(one.slice(2)) as PlainMap;
    return keys.every((key) => wanted[key] === item[key]);
  });
  return step === undefined ? undefined : tree?.[step];
}
