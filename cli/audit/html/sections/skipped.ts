import type { AuditReport } from "../../report-schema";
import { html, joined, NOTHING, type SafeHtml } from "../safe-html";
import { section, wide } from "./section";

/** What could not be looked at: a check that was not made is no pass. */
export function skipped({ skipped: all }: AuditReport): SafeHtml {
  if (all.length === 0) return NOTHING;
  const rows = all.map(
    ({ id, why }) => html`<tr><th scope="row"><code>${id}</code></th><td>${why}</td></tr>
`,
  );
  const table = html`<table>
<caption class="away">What could not be looked at</caption>
<thead><tr><th scope="col">Check</th><th scope="col">Why</th></tr></thead>
<tbody>${joined(rows)}</tbody>
</table>`;
  return section("skipped", "Not looked at", wide("Not looked at", table));
}
