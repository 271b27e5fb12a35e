import { distance } from "fastest-levenshtein";
import type * as z from "zod";

/** Something wrong with one value, in words that follow the value's path: "is …; set it to …". */
export class ConfigProblem extends Error {}

/** A value as an error may show it: short, and never the text of something long such as a certificate. */
export function describe(value: unknown): string {
  if (value === null) return "null";
  if (typeof value === "string")
    return value.length <= 80 ? JSON.stringify(value) : `text of ${value.length} characters`;
  if (typeof value === "number") return `the number ${value}`;
  if (typeof value === "boolean") return String(value);
  return Array.isArray(value) ? "a list" : "an object";
}

/** The known word that was most likely meant, or undefined when none is near. */
export function nearest(word: string, known: readonly string[]): string | undefined {
  const lower = word.toLowerCase();
  const ranked = known
    .map((candidate) => ({ candidate, steps: distance(lower, candidate.toLowerCase()) }))
    .sort((a, b) => a.steps - b.steps);
  const best = ranked[0];
  return best && best.steps <= Math.max(2, Math.floor(word.length / 3)) ? best.candidate : undefined;
}

/** `vault`, `auth`, `tokenTtl` becomes `sopsloop:vault.auth.tokenTtl`, as `pulumi config set --path` takes it. */
export function configPath(parts: readonly PropertyKey[]): string {
  const [first, ...rest] = parts;
  const tail = rest.map((part) => {
    if (typeof part === "number") return `[${part}]`;
    const text = String(part);
    return /^[\w-]+$/.test(text) ? `.${text}` : `["${text}"]`;
  });
  return `sopsloop:${String(first)}${tail.join("")}`;
}

/** One line each: path, what is wrong, how to mend it. An issue about several unknown keys becomes several lines. */
export function linesOf(section: string, issues: readonly z.core.$ZodIssue[]): string[] {
  return issues.flatMap((issue) => {
    const path = [section, ...issue.path];
    if (issue.code !== "unrecognized_keys") return [`${configPath(path)}: ${issue.message}`];
    const messages = issue.message.split("\n");
    return issue.keys.map(
      (key, index) => `${configPath([...path, key])}: ${messages[index] ?? "is not a known key"}`,
    );
  });
}
