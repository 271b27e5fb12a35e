import { counted } from "../../duration";
import type { AuditReport, Files } from "../../report-schema";
import { versionName } from "../../version-name";
import { html, joined, NOTHING, type SafeHtml } from "../safe-html";
import type { Terms } from "../terms";
import { section, wide } from "./section";

const SHOWN = 500;

/** How the files of the deploy repository stand, and each that is stale. */
export function files({ files: part }: AuditReport, terms: Terms): SafeHtml {
  if (part === undefined) return NOTHING;
  const { fresh, stale, unknown, asked, list } = part;
  const note = asked
    ? "By the versions that the key servers tell now."
    : "By the versions that the stack's state knows; a rotation since then shows only with --live.";
  if (list.length === 0)
    return section("files", "Files", html`<p class="none">No file is encrypted.</p>`, note);
  const words = `${fresh} fresh, ${stale} stale, ${unknown} not known, of ${counted(list.length, "encrypted file")}`;
  const content = html`<p class="counts">${words}</p>${bar(part, words)}${table(part, terms)}`;
  return section("files", "Files", content, note);
}

function bar({ fresh, stale, unknown, list }: Files, words: string): SafeHtml {
  let x = 0;
  const parts = Object.entries({ stale, unknown, fresh }).map(([kind, count]) => {
    const width = Math.round((count / list.length) * 10_000) / 10;
    const rect =
      width === 0 ? NOTHING : html`<rect class="${kind}" x="${x}" y="0" width="${width}" height="10"/>`;
    x += width;
    return rect;
  });
  return html`<svg class="bar" viewBox="0 0 1000 10" preserveAspectRatio="none" role="img" aria-label="${words}">${joined(parts)}</svg>`;
}

function table({ list }: Files, terms: Terms): SafeHtml {
  const stale = list.filter(({ state }) => state === "stale").sort((a, b) => b.behind - a.behind);
  if (stale.length === 0) return NOTHING;
  const rows = stale.slice(0, SHOWN).map(
    ({ path, behind, keys, deliveries }) => html`<tr>
<th scope="row"><code>${path}</code></th>
<td class="number">${behind}</td>
<td>${keys.map(({ key, version }, at) => html`${at === 0 ? "" : ", "}${terms.keyName(key)}${version === undefined ? "" : ` ${versionName(version)}`}`)}</td>
<td>${deliveries.join(", ") || html`<span class="soft">nothing builds it</span>`}</td></tr>
`,
  );
  const more = stale.length - SHOWN;
  return html`${wide(
    "Stale files",
    html`<table>
<caption>Stale files</caption>
<thead><tr><th scope="col">File</th><th scope="col" class="number">Versions behind</th><th scope="col">Wrapped by</th><th scope="col">Flux</th></tr></thead>
<tbody>${joined(rows)}</tbody>
</table>`,
  )}${more > 0 ? html`<p class="soft">&hellip; and ${more} more; the JSON report has them.</p>` : NOTHING}`;
}
