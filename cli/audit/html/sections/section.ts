import { html, NOTHING, type SafeHtml } from "../safe-html";

/** A part of the page: a landmark with a heading that the navigation leads to. */
export function section(id: string, title: string, content: SafeHtml, note?: string): SafeHtml {
  return html`<section id="${id}" aria-labelledby="${id}-title">
<h2 id="${id}-title">${title}</h2>
${note === undefined ? NOTHING : html`<p class="note">${note}</p>`}
${content}
</section>
`;
}

/** A table that may be wider than the page: it can be moved by keys, too. */
export function wide(label: string, table: SafeHtml, kind = ""): SafeHtml {
  return html`<div class="wide ${kind}" role="region" aria-label="${label}, scrollable" tabindex="0">${table}</div>`;
}
