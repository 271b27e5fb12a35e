import type { Outcome } from "./outcome";
import { count } from "./rewrap-work";

export const REWRAP_SCHEMA = "sopsloop.rewrap/1";

/** Files that are named for one reason. */
const NAMED = 5;

/** For people: what was moved, and how large the change is. Empty lines never. */
export function reportText(outcome: Outcome): string {
  const { files, keys, size, dryRun, dataKeys, commit, pushed, failures } = outcome;
  const lines: string[] = [];
  if (files === 0 && failures.length === 0) lines.push("No sops file here: nothing to do.");
  else if (failures.length > 0) lines.push(`Nothing was changed: ${count(failures.length, "failure")}.`);
  else if (size.files === 0) lines.push(`Every sops file is fresh (${files}): nothing to do.`);
  else {
    const verb = dryRun ? "Would change" : "Changed";
    const what = dataKeys ? "new data keys" : "rewrapped";
    const about = dryRun && dataKeys ? "about " : "";
    lines.push(
      `${verb} ${size.files} of ${count(files, "sops file")} (${what}): ${about}${count(size.lines, "line")}, ${count(size.bytes, "byte")}.`,
    );
    for (const { key, from, to, files } of keys)
      lines.push(`  ${key}  version ${from.join(", ")} → ${to}  (${count(files, "file")})`);
  }
  if (commit !== undefined) lines.push(`Committed ${commit.slice(0, 10)}.`);
  if (pushed) lines.push(`Pushed to ${pushed.ref}${pushed.tries > 1 ? `, at try ${pushed.tries}` : ""}.`);
  return `${lines.join("\n")}\n`;
}

/** For programs; docs/rewrap.md says what each field means. */
export function reportJson(outcome: Outcome): string {
  const { dryRun, dataKeys, files, keys, size, paths, failures, notes, commit, pushed } = outcome;
  const summary = { files, changed: size.files, lines: size.lines, bytes: size.bytes };
  const report = { schema: REWRAP_SCHEMA, dryRun, dataKeys, summary, keys, paths, failures, notes };
  return `${JSON.stringify({ ...report, ...(commit && { commit }), ...(pushed && { pushed }) }, undefined, 2)}\n`;
}

/** One line a file; files that fail for the same reason are counted after the first few. */
export function failureLines({ failures }: Outcome): string[] {
  const byReason = new Map<string, string[]>();
  for (const { path, why } of failures) byReason.set(why, [...(byReason.get(why) ?? []), path]);
  return [...byReason].flatMap(([why, paths]) => {
    const lines = paths.slice(0, NAMED).map((path) => `${path}: ${why}`);
    return paths.length > NAMED ? [...lines, `${count(paths.length - NAMED, "more file")}: ${why}`] : lines;
  });
}
