import { type Fields, flag, listOf, object, type Property, required, text, texts } from "../shape/property";

const number = { kind: "number" } as const satisfies Property;
const operatorType = required(text);

const compared = (...names: readonly string[]) => casesOf(names, { key: text, value: number });
const inList = (...names: readonly string[]) => casesOf(names, { key: text, values: listOf(number) });
const inRanges = (...names: readonly string[]) =>
  casesOf(names, { key: text, values: listOf(listOf(number)) });
const ofTexts = (...names: readonly string[]) => casesOf(names, { key: text, values: texts });

/** Which events a subscription gets. */
export const eventFilter = object({
  advancedFilters: listOf({
    kind: "choice",
    tag: "operatorType",
    cases: {
      ...casesOf(["BoolEquals"], { key: text, value: flag }),
      ...casesOf(["IsNotNull", "IsNullOrUndefined"], { key: text }),
      ...compared(
        "NumberGreaterThan",
        "NumberGreaterThanOrEquals",
        "NumberLessThan",
        "NumberLessThanOrEquals",
      ),
      ...inList("NumberIn", "NumberNotIn"),
      ...inRanges("NumberInRange", "NumberNotInRange"),
      ...ofTexts("StringBeginsWith", "StringContains", "StringEndsWith", "StringIn"),
      ...ofTexts("StringNotBeginsWith", "StringNotContains", "StringNotEndsWith", "StringNotIn"),
    },
  }),
  enableAdvancedFilteringOnArrays: flag,
  includedEventTypes: texts,
  isSubjectCaseSensitive: flag,
  subjectBeginsWith: text,
  subjectEndsWith: text,
});

function casesOf(names: readonly string[], fields: Fields): Readonly<Record<string, Fields>> {
  return Object.fromEntries(names.map((name) => [name, { operatorType, ...fields }]));
}
