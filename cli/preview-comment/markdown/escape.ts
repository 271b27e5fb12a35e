import type { Sentence } from "../sentence";

/** What a name may take of a line. */
const LONGEST = 200;

/**
 * Names and texts of strangers only ever stand in code: there GitLab reads neither Markdown nor HTML, links, mentions, references and
 * quick actions. These are the only ways from a text into the comment.
 */
export function code(text: string, longest = LONGEST): string {
  // A table's cell would end at a bar, in code too, and renderers differ in how one is escaped there.
  const shown = cut(visible(text).replace(/\n/g, "⏎"), longest).replaceAll("|", "¦");
  if (shown === "") return "(empty)";
  const ticks = "`".repeat(longestRun(shown) + 1);
  const isBare = !/^[` ]|[` ]$/.test(shown);
  return isBare ? `${ticks}${shown}${ticks}` : `${ticks} ${shown} ${ticks}`;
}

/** The same within a piece of HTML. */
export function htmlCode(text: string): string {
  const shown = cut(visible(text).replace(/\n/g, "⏎"), LONGEST);
  return `<code>${shown.replace(/[&<>"'`]/g, (sign) => `&#${sign.charCodeAt(0)};`)}</code>`;
}

/** A block of code. Every line is indented or has a sign in front, so that none begins as a quick action does. */
export function fence(language: "diff" | "text", lines: readonly string[]): string {
  const text = lines
    .map((line) => visible(line).replace(/\n/g, "⏎"))
    .map((line) => (/^[-+! ] /.test(line) ? line : `  ${line}`))
    .join("\n");
  const ticks = "`".repeat(Math.max(3, longestRun(text) + 1));
  return `${ticks}${language}\n${text}\n${ticks}`;
}

export function sentenceMarkdown(sentence: Sentence): string {
  return sentence.map((part) => (typeof part === "string" ? part : code(part.name))).join("");
}

/** The beginning of a text, and how much was left out. */
export function cut(text: string, longest: number): string {
  if (text.length <= longest) return text;
  // Not through the middle of a character.
  const end = text.slice(0, longest).replace(/[\ud800-\udbff]$/, "");
  return `${end}… (${text.length - end.length} characters more)`;
}

/** Signs that one does not see, or that turn the direction of writing, are shown as such; tabs and ends of lines stay. */
export function visible(text: string): string {
  return text
    .replace(/\r\n?|[\u0085\u2028\u2029]/g, "\n")
    .replaceAll("\t", "  ")
    .replace(/[^\P{C}\n]|[\u115f\u1160\u3164\uffa0]/gu, "\ufffd");
}

function longestRun(text: string): number {
  return Math.max(0, ...(text.match(/`+/g) ?? []).map((run) => run.length));
}
