import { structuredPatch } from "diff";
import { compare } from "../preview/compare";
import { isObject } from "../secrets/pulumi-values";

/** Lines around a change that are shown with it. */
const CONTEXT = 3;
/** Texts that differ in more lines are shown by their size only: comparing them would take long, and reading it too. */
const MOST_EDITS = 1_000;

/** A value as lines: a text as it is, all else as JSON with its names in order. */
export function linesOf(value: unknown): readonly string[] {
  if (typeof value === "string") return value.replace(/\n$/, "").split(/\r?\n/);
  return JSON.stringify(sorted(value), undefined, 2).split("\n");
}

/** Two lists of lines against each other, each line with `+`, `-` or two spaces in front. */
export function lineDiff(before: readonly string[], after: readonly string[]): readonly string[] {
  const patch = structuredPatch("", "", ending(before), ending(after), undefined, undefined, {
    context: CONTEXT,
    maxEditLength: MOST_EDITS,
  });
  if (patch === undefined)
    return [`- ${before.length} lines`, `+ ${after.length} lines, too different to compare here`];
  return patch.hunks.flatMap(({ lines, oldStart }, at) => {
    const shown = lines.filter((line) => !line.startsWith("\\")).map((line) => `${line[0]} ${line.slice(1)}`);
    return at === 0 && oldStart <= 1 ? shown : ["  …", ...shown];
  });
}

function ending(lines: readonly string[]): string {
  return `${lines.join("\n")}\n`;
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => compare(a, b))
      .map(([name, each]) => [name, sorted(each)]),
  );
}
