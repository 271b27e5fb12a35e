import { type PlainMap, type PlainValue, UNKNOWN } from "../../engine/resource-type";
import { isList, isMap } from "../../engine/wire";
import { type Fields, fieldsOf, type Property } from "./property";

/**
 * Outputs as far as they can be told before a write: what the program says, then what Azure told before, and for all else
 * that it is unknown. Said for every property, the inner ones as well: an inner one left out would pass for one without a value.
 */
export function previewOf(fields: Fields, said: PlainMap, before: PlainMap | undefined): PlainMap {
  const told = Object.entries(fields).filter(([, row]) => !row.writeOnly);
  return Object.fromEntries(
    told.map(([name, row]) => [
      name,
      previewValue(row, row.outputOnly ? undefined : (said[name] ?? undefined), before?.[name]),
    ]),
  );
}

function previewValue(
  row: Property,
  said: PlainValue | undefined,
  before: PlainValue | undefined,
): PlainValue {
  if (said === undefined) return before ?? UNKNOWN;
  // As an output it is a map that tells more of each.
  if (row.kind === "ids") return UNKNOWN;
  if (isMap(said)) {
    const fields = fieldsOf(row, said);
    return fields === undefined ? said : previewOf(fields, said, isMap(before) ? before : undefined);
  }
  if (!isList(said) || row.kind !== "list") return said;
  const items = isList(before) ? before : [];
  return said.map((item, index) => previewValue(row.of, item, items[index]));
}
