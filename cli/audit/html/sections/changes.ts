import { minuteOf } from "../../duration";
import type { Changes } from "../../report-schema";
import { html, NOTHING, type SafeHtml } from "../safe-html";
import { findingLine } from "./findings";
import { section } from "./section";

/** What is different from an earlier report: rights first. */
export function changes(difference: Changes | undefined): SafeHtml {
  if (difference === undefined) return NOTHING;
  const { since, gained, lost, keys, deliveries, findings, files } = difference;
  const [before, after] = files?.stale ?? [0, 0];
  const other = [
    ...keys.map(({ key, what }) => html`<li>Key <code>${key}</code>: ${what}</li>`),
    ...deliveries.new.map((name) => html`<li>Flux decrypts <code>${name}</code> from now on</li>`),
    ...deliveries.gone.map((name) => html`<li>Flux decrypts <code>${name}</code> no more</li>`),
    ...deliveries.changed.map((name) => html`<li>Flux decrypts <code>${name}</code> in another way</li>`),
    ...(before === after ? [] : [html`<li>Stale files: ${before} &rarr; ${after}</li>`]),
  ];
  const blocks = [
    ...list("Rights gained", "gained", gained.map(rightLine)),
    ...list("Rights lost", "lost", lost.map(rightLine)),
    ...list("New findings", "gained", findings.new.map(findingLine)),
    ...list("Mended", "lost", findings.gone.map(findingLine)),
    ...list("Keys, Flux, files", "other", other),
  ];
  const content =
    blocks.length === 0
      ? html`<p class="none">Nothing has changed.</p>`
      : html`<div class="diff">${blocks}</div>`;
  return section("changes", "Differences", content, `Compared with the report of ${minuteOf(since)}.`);
}

function list(title: string, kind: string, items: readonly SafeHtml[]): SafeHtml[] {
  if (items.length === 0) return [];
  return [
    html`<div class="${kind}"><h3>${title} <span class="soft">${items.length}</span></h3><ul>${items}</ul></div>`,
  ];
}

function rightLine({ identityName, keyName, rights }: Changes["gained"][number]): SafeHtml {
  const words = rights.map((right, at) => {
    const between = at === 0 ? "" : ", ";
    return right === "decrypt" ? html`${between}<strong>decrypt</strong>` : html`${between}${right}`;
  });
  return html`<li><span class="who">${identityName}</span> may ${words} by <code>${keyName}</code></li>
`;
}
