import type { PlainValue } from "./resource-type";
import { isList } from "./wire";

/** The text in a value that `check` has already found to be one. */
export function textOf(value: PlainValue | undefined): string {
  if (typeof value !== "string")
    throw new Error("a text was expected here, and the table did not ask for one");
  return value;
}

export function textsOf(value: PlainValue | undefined): readonly string[] {
  return isList(value) ? value.map(textOf) : [];
}
