import { equal } from "../../engine/compare";
import type { PlainMap, PlainValue } from "../../engine/resource-type";
import { isList, isMap } from "../../engine/wire";

/**
 * Inputs with what has changed in Azure since the last write: only that, since most of what Azure tells are defaults of its
 * own that no program would say.
 *
 * @param said the inputs of the last update.
 * @param was what Azure told after it, @param is what it tells now, both as inputs.
 */
export function drifted(said: PlainMap, was: PlainMap, is: PlainMap): PlainMap {
  const result: { [name: string]: PlainValue } = {};
  for (const name of new Set([...Object.keys(said), ...Object.keys(is)])) {
    const value = driftedValue(said[name], was[name], is[name]);
    if (value !== undefined) result[name] = value;
  }
  return result;
}

function driftedValue(
  said: PlainValue | undefined,
  was: PlainValue | undefined,
  is: PlainValue | undefined,
): PlainValue | undefined {
  if (equal(was, is)) return said;
  if (isMap(said) && isMap(was) && isMap(is)) return drifted(said, was, is);
  if (!isList(said) || !isList(was) || !isList(is)) return is;
  return is.map((item, index) =>
    index < said.length && index < was.length ? (driftedValue(said[index], was[index], item) ?? item) : item,
  );
}
