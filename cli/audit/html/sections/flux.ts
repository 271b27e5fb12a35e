import type { AuditReport } from "../../report-schema";
import { html, joined, NOTHING, type SafeHtml } from "../safe-html";
import type { Terms } from "../terms";
import { section, wide } from "./section";

/** From so many Kustomizations on the table has a height of its own. */
const TALL = 20;
/** Keys of one cell. */
const SHOWN = 3;

/** What Flux decrypts and as whom, and what starts pipelines. */
export function flux({ deliveries, files }: AuditReport, terms: Terms): SafeHtml {
  if (deliveries.length === 0)
    return section("flux", "What Flux decrypts", html`<p class="none">Nothing.</p>`);
  const rows = deliveries.map(
    ({ name, folder, source, branch, identity, namespace, keys, files: count }) => html`<tr>
<th scope="row">${name}</th>
<td><code>${folder}</code> <span class="soft">of ${source}@${branch}</span></td>
<td><a href="#${terms.identityAnchor(identity)}">${terms.identityName(identity)}</a></td>
<td>${keys.length === 0 ? html`<span class="late">no key that it may use</span>` : keysOf(keys, terms)}</td>
<td>${namespace ?? html`<span class="soft">as each manifest says</span>`}</td>
${files ? html`<td class="number">${count ?? 0}</td>` : NOTHING}</tr>
`,
  );
  const table = html`<table>
<caption class="away">What Flux decrypts and as whom</caption>
<thead><tr><th scope="col">Kustomization</th><th scope="col">Folder</th><th scope="col">Decrypts as</th><th scope="col">By</th><th scope="col">Secrets go to</th>${files ? html`<th scope="col" class="number">Files</th>` : NOTHING}</tr></thead>
<tbody>${joined(rows)}</tbody>
</table>`;
  return section(
    "flux",
    "What Flux decrypts",
    wide("What Flux decrypts", table, deliveries.length > TALL ? "tall" : ""),
  );
}

function keysOf(keys: readonly string[], terms: Terms): SafeHtml {
  const links = keys
    .slice(0, SHOWN)
    .map((id, at) => html`${at === 0 ? "" : ", "}<a href="#${terms.keyAnchor(id)}">${terms.keyName(id)}</a>`);
  return html`${links}${keys.length > SHOWN ? ` and ${keys.length - SHOWN} more` : ""}`;
}

export function triggers({ triggers: all }: AuditReport): SafeHtml {
  if (all.length === 0) return NOTHING;
  const rows = all.map(
    ({
      name,
      kind,
      starts,
      when,
    }) => html`<tr><th scope="row">${name}</th><td>${kind}</td><td>${starts}</td><td>${when}</td></tr>
`,
  );
  const table = html`<table>
<caption class="away">What starts pipelines</caption>
<thead><tr><th scope="col">What</th><th scope="col">Kind</th><th scope="col">Starts</th><th scope="col">When</th></tr></thead>
<tbody>${joined(rows)}</tbody>
</table>`;
  return section("triggers", "What starts pipelines", wide("What starts pipelines", table));
}
