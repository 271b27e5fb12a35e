import type { PropertyChange } from "../preview/preview";
import { cut } from "./escape";
import { lineDiff, linesOf } from "./text-diff";

const LONGEST_LINE = 300;
const MOST_LINES = 120;

/** One property as lines of a diff. */
export function propertyLines({ path, before, after, forcesReplacement }: PropertyChange): readonly string[] {
  const name = forcesReplacement ? `${path} (forces the replacement)` : path;
  const [old, now] = [before, after].map((value) => (value === undefined ? undefined : linesOf(value)));
  return limited(diffOf(name, old, now).map((line) => cut(line, LONGEST_LINE)));
}

function diffOf(
  name: string,
  old: readonly string[] | undefined,
  now: readonly string[] | undefined,
): readonly string[] {
  const text = (lines: readonly string[] | undefined) => lines?.join("\n");
  if (old === undefined && now === undefined) return [`! ${name}`];
  // Secrets, and what is known only after apply, have the same text before and after.
  if (text(old) === text(now)) return [`! ${name}: ${old?.[0] ?? ""}, and changes`];
  if ((old?.length ?? 1) === 1 && (now?.length ?? 1) === 1)
    return [
      ...(old === undefined ? [] : [`- ${name}: ${old[0] ?? ""}`]),
      ...(now === undefined ? [] : [`+ ${name}: ${now[0] ?? ""}`]),
    ];
  if (old === undefined) return [`+ ${name}:`, ...(now ?? []).map((line) => `+   ${line}`)];
  if (now === undefined) return [`- ${name}:`, ...old.map((line) => `-   ${line}`)];
  return [`  ${name}:`, ...lineDiff(old, now).map((line) => `${line.slice(0, 2)}  ${line.slice(2)}`)];
}

function limited(lines: readonly string[]): readonly string[] {
  if (lines.length <= MOST_LINES) return lines;
  return [...lines.slice(0, MOST_LINES), `  … ${lines.length - MOST_LINES} lines more`];
}
