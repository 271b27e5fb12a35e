import { CHANGE_KINDS } from "../preview/preview";
import type { Report } from "../report";
import { accessSection } from "./access-section";
import { Budget } from "./budget";
import { changesTable, propertiesSection } from "./changes-section";
import { code, sentenceMarkdown } from "./escape";
import { findingsSection, messagesSection } from "./messages-sections";

/** The comment as Markdown. The same report gives the same text. @param marker its first line. */
export function commentOf(report: Report, marker: string): string {
  const budget = new Budget();
  const blocks = [
    `${marker}\n## Pulumi preview${report.stack === undefined ? "" : ` of ${code(report.stack)}`}`,
    ...failureLines(report),
    ...countsLines(report),
    ...warningsSection(report, budget),
    ...changesTable(report, budget),
    ...accessSection(report.access, budget),
    ...findingsSection(report, budget),
    ...messagesSection(report, budget),
    ...propertiesSection(report, budget),
  ];
  return `${blocks.join("\n\n")}\n`;
}

function failureLines({ failure, changes }: Report): string[] {
  if (failure === undefined) return [];
  const rest = changes.length === 0 ? "It came to no change." : "What follows is as far as it came.";
  return [`❌ **This preview failed, and so would \`pulumi up\`.** ${failure} ${rest}`];
}

function countsLines({ counts, changes, failure }: Report): string[] {
  const unchanged = `${counts.unchanged} unchanged`;
  if (changes.length === 0) return failure === undefined ? [`**No changes**; ${unchanged}.`] : [];
  const parts = CHANGE_KINDS.filter((kind) => counts[kind] > 0).map((kind) => {
    const part = kind === "other" ? `${counts.other} of other kinds` : `${counts[kind]} to ${kind}`;
    return kind === "replace" || kind === "delete" ? `**${part}**` : part;
  });
  return [`${[...parts, unchanged].join(", ")}.`];
}

/** What a mistake here would cost. Never left out. */
function warningsSection({ warnings }: Report, budget: Budget): string[] {
  if (warnings.length === 0) return [];
  const { texts, left } = budget.fit("must", warnings, ({ lines }) => {
    const [first, ...others] = lines.map(sentenceMarkdown);
    return [`- ⚠️ **${first ?? ""}**`, ...others.map((line) => `  - ${line}`)].join("\n");
  });
  const more =
    left.length > 0
      ? [`- … and ${left.length} more, which GitLab has no room for; \`--json\` has them.`]
      : [];
  return ["### What would stop working", [...texts, ...more].join("\n")];
}
