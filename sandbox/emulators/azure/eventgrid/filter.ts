import { at, type Json, type JsonObject, listAt, textAt } from "../json";
import type { SystemEvent } from "./model";
import { fieldOf } from "./schemas";

/** Whether a subscription's filter lets an event through. */
export function passes(filter: JsonObject, event: SystemEvent): boolean {
  const types = listAt(filter, "includedEventTypes").map((type) => String(type).toLowerCase());
  if (types.length > 0 && !types.includes("all") && !types.includes(event.type.toLowerCase())) return false;
  const exact = filter.isSubjectCaseSensitive === true;
  const text = (value: string) => (exact ? value : value.toLowerCase());
  const subject = text(event.subject);
  if (!subject.startsWith(text(textAt(filter, "subjectBeginsWith") ?? ""))) return false;
  if (!subject.endsWith(text(textAt(filter, "subjectEndsWith") ?? ""))) return false;
  const onLists = filter.enableAdvancedFilteringOnArrays === true;
  return listAt(filter, "advancedFilters").every((one) => advanced(one, event, onLists));
}

type Test = (value: Json, wanted: Json) => boolean;

const lower = (value: Json) => String(value).toLowerCase();
const compared =
  (test: (one: number, other: number) => boolean): Test =>
  (value, wanted) =>
    typeof value === "number" && test(value, Number(wanted));
const texts =
  (test: (one: string, other: string) => boolean): Test =>
  (value, wanted) =>
    typeof value === "string" && test(lower(value), lower(wanted));
const between: Test = (value, wanted) => {
  const [least = 0, most = 0] = Array.isArray(wanted) ? wanted.map(Number) : [];
  return typeof value === "number" && value >= least && value <= most;
};

const TESTS: Readonly<Record<string, Test>> = {
  StringIn: texts((one, other) => one === other),
  StringContains: texts((one, other) => one.includes(other)),
  StringBeginsWith: texts((one, other) => one.startsWith(other)),
  StringEndsWith: texts((one, other) => one.endsWith(other)),
  NumberIn: compared((one, other) => one === other),
  NumberInRange: between,
  NumberLessThan: compared((one, other) => one < other),
  NumberLessThanOrEquals: compared((one, other) => one <= other),
  NumberGreaterThan: compared((one, other) => one > other),
  NumberGreaterThanOrEquals: compared((one, other) => one >= other),
  BoolEquals: (value, wanted) => value === wanted,
};

/** One of the wanted values is enough; with `Not` in the operator's name, none may fit. */
function advanced(filter: Json, event: SystemEvent, onLists: boolean): boolean {
  const operator = textAt(filter, "operatorType") ?? "";
  const field = fieldOf(event, textAt(filter, "key") ?? "");
  const absent = field === undefined || field === null;
  if (operator === "IsNullOrUndefined") return absent;
  if (operator === "IsNotNull") return !absent;
  const positive = operator.replace("Not", "");
  const test = TESTS[positive];
  if (test === undefined) throw new Error(`the filter ${operator} is not emulated`);
  const single = at(filter, "value");
  const wanted = single === undefined ? listAt(filter, "values") : [single];
  const values = Array.isArray(field) ? (onLists ? field : []) : absent ? [] : [field];
  const fits = values.some((value) => wanted.some((one) => test(value, one)));
  return positive === operator ? fits : !fits;
}
