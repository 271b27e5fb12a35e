import type { PlainMap } from "../../engine/resource-type";
import { isMap } from "../../engine/wire";

/** A map without what is at the given paths, as far as `said` has nothing there. */
export function without(map: PlainMap, paths: readonly (readonly string[])[], said: PlainMap): PlainMap {
  return paths.reduce((rest, path) => withoutPath(rest, path, said), map);
}

function withoutPath(map: PlainMap, [name = "", ...rest]: readonly string[], said: PlainMap): PlainMap {
  const inner = map[name];
  const innerSaid = said[name];
  if (rest.length > 0) {
    if (!isMap(inner)) return map;
    return { ...map, [name]: withoutPath(inner, rest, isMap(innerSaid) ? innerSaid : {}) };
  }
  if (innerSaid !== undefined && innerSaid !== null) return map;
  return Object.fromEntries(Object.entries(map).filter(([other]) => other !== name));
}
