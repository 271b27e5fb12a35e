import type { PlainMap, PlainValue } from "../engine/resource-type";
import { isList } from "../engine/wire";

/** JSON with its keys in order, so that two texts that say the same are the same. Not JSON: the text itself. */
export function canonicalJson(text: string): string {
  try {
    return JSON.stringify(sorted(JSON.parse(text) as PlainValue));
  } catch {
    return text;
  }
}

/** The same value with the keys of every map in order. */
export function sorted(value: PlainValue): PlainValue {
  if (isList(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  const map = value as PlainMap;
  return Object.fromEntries(
    Object.keys(map)
      .sort()
      .map((key) => [key, sorted(map[key] ?? null)]),
  );
}
