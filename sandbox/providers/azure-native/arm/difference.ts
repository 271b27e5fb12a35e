import { compare } from "../../engine/compare";
import { parsePath } from "../../engine/property-path";
import type { ChangeKind, Difference, PlainMap, PlainValue } from "../../engine/resource-type";
import { isList, isMap } from "../../engine/wire";
import type { Fields, Property } from "../shape/property";

/** Inputs that only this provider puts there. */
const OWN = ["azureApiVersion", "__createBeforeDelete", "__defaults"];

/**
 * What a change from one set of inputs to another costs. Inputs are compared with inputs, as the official provider does: what
 * Azure fills in is no difference. A name, and a property that Azure cannot change, needs a new resource, and the old one goes
 * first: most names are taken as long as it is there.
 */
export function differenceOf(
  fields: Fields,
  names: readonly string[],
  before: PlainMap,
  after: PlainMap,
): Difference {
  const changes = new Map<string, ChangeKind>();
  for (const path of compare(comparable(fields, before), comparable(fields, after)).keys()) {
    const top = String(parsePath(path)[0]);
    changes.set(path, names.includes(top) || fields[top]?.replace ? "replace" : "update");
  }
  const replaced = [...changes.values()].includes("replace");
  return { changes, deleteBeforeReplace: replaced && before.__createBeforeDelete !== true };
}

/** Azure tells empty tags and empty lists where a program says nothing. */
function comparable(fields: Fields, inputs: PlainMap): PlainMap {
  const said = Object.entries(inputs).filter(
    ([name, value]) => !OWN.includes(name) && !isEmpty(fields[name], value),
  );
  return Object.fromEntries(
    said.map(([name, value]) => {
      if (name === "location") return [name, placeOf(value)];
      return [name, fields[name]?.kind === "asset" ? contentIn(value) : value];
    }),
  );
}

/** The same content is the same asset, wherever it lies. */
function contentIn(asset: PlainValue): PlainValue {
  return isMap(asset) && typeof asset.hash === "string" && asset.hash !== "" ? { hash: asset.hash } : asset;
}

/** "West Europe" and "westeurope" are the same place. */
function placeOf(location: PlainValue): PlainValue {
  return typeof location === "string" ? location.replaceAll(" ", "").toLowerCase() : location;
}

function isEmpty(row: Property | undefined, value: PlainValue): boolean {
  if (row?.kind === "list") return isList(value) && value.length === 0;
  return row?.kind === "map" && isMap(value) && Object.keys(value).length === 0;
}
