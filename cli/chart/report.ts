import { count } from "../rewrap/rewrap-work";
import type { ChartOutcome } from "./outcome";

export const CHART_SCHEMA = "sopsloop.chart/1";

/** For people: what was written, and what was left as it is. */
export function reportText(outcome: ChartOutcome): string {
  const { dryRun, folder, objects, secrets, written, removed, commit, pushed } = outcome;
  const where = folder === "" ? "the repository's root" : folder;
  const what = `${count(objects, "object")} of the chart, ${count(secrets.total, "Secret")}`;
  const lines: string[] = [];
  if (written.length + removed.length === 0)
    lines.push(`${where} is as it should be (${what}): nothing to do.`);
  else {
    const verbs = dryRun ? ["Would write", "would remove"] : ["Wrote", "removed"];
    const gone = removed.length === 0 ? "" : `, ${verbs[1]} ${removed.length}`;
    lines.push(`${verbs[0]} ${count(written.length, "file")} to ${where}${gone} (${what}).`);
    lines.push(`  ${secrets.encrypted} encrypted anew, ${secrets.unchanged} unchanged`);
  }
  if (commit !== undefined) lines.push(`Committed ${commit.slice(0, 10)}.`);
  if (pushed) lines.push(`Pushed to ${pushed.ref}${pushed.tries > 1 ? `, at try ${pushed.tries}` : ""}.`);
  return `${lines.join("\n")}\n`;
}

/** For programs; docs/chart.md says what each field means. */
export function reportJson(outcome: ChartOutcome): string {
  return `${JSON.stringify({ schema: CHART_SCHEMA, ...outcome }, undefined, 2)}\n`;
}
