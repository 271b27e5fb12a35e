import { visible } from "../../preview-comment/markdown/escape";

/** A piece of HTML or SVG in which everything that came from elsewhere has been escaped. Only `html` makes it. */
export class SafeHtml {
  constructor(readonly text: string) {}
}

type Filled = SafeHtml | string | number | undefined | readonly Filled[];

/** Template tag: what is filled in is text, in elements as in quoted attributes, unless it is such a piece itself. */
export function html(words: TemplateStringsArray, ...filled: readonly Filled[]): SafeHtml {
  let text = words[0] ?? "";
  for (const [at, part] of filled.entries()) text += `${textOf(part)}${words[at + 1] ?? ""}`;
  return new SafeHtml(text);
}

/** Pieces one after the other. */
export function joined(pieces: readonly SafeHtml[], between = ""): SafeHtml {
  return new SafeHtml(pieces.map(({ text }) => text).join(between));
}

export const NOTHING = new SafeHtml("");

function textOf(part: Filled): string {
  if (part === undefined) return "";
  if (part instanceof SafeHtml) return part.text;
  if (typeof part === "number") return String(part);
  if (typeof part === "string") return escaped(part);
  return part.map(textOf).join("");
}

/** Signs that one does not see, or that turn the direction of writing, are shown as such. */
function escaped(text: string): string {
  return visible(text).replace(/[&<>"'`]/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
