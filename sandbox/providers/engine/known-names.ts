import { closest, distance } from "fastest-levenshtein";
import type { InputFailure, PlainMap } from "./resource-type";

/** One failure for each property that is not among `known`, with the nearest name where one is near. */
export function unknownProperties(given: PlainMap, known: readonly string[], what: string): InputFailure[] {
  return Object.keys(given)
    .filter((name) => !known.includes(name))
    .map((name) => ({ path: name, reason: `${what} has no property ${quoted(name)}${hint(name, known)}` }));
}

function hint(name: string, known: readonly string[]): string {
  if (known.length === 0) return "";
  const nearest = closest(name, [...known]);
  return distance(name, nearest) <= Math.max(2, name.length / 3) ? `; did you mean ${quoted(nearest)}?` : "";
}

function quoted(name: string): string {
  return `"${name}"`;
}
