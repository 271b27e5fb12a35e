import type { PlainValue } from "../engine/resource-type";
import { isList, isMap } from "../engine/wire";

/** The reason in an error's JSON, on one line. GitLab has `message` as a text, a list or lists by field, or `error`. */
export function complaintOf(body: PlainValue): string {
  if (!isMap(body)) return "";
  const reasons = [...flat(body.message ?? null), ...flat(body.error ?? null)];
  return [...new Set(reasons)].join("; ");
}

function flat(value: PlainValue): string[] {
  if (typeof value === "string") return [value];
  if (isList(value)) return value.flatMap(flat);
  if (!isMap(value)) return [];
  return Object.entries(value).flatMap(([field, reasons]) =>
    flat(reasons).map((reason) => (field === "base" ? reason : `${field} ${reason}`)),
  );
}
