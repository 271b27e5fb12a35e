import type { AuditReport, Grant } from "../../report-schema";
import { html, joined, type SafeHtml } from "../safe-html";
import type { Terms } from "../terms";
import { wide } from "./section";

/** From so many paths on the table has a height of its own. */
const TALL = 20;

/** Every way from an identity to a key, in words: what the graph shows, and for large stacks more than it shows. */
export function pathsTable({ grants }: AuditReport, terms: Terms): SafeHtml {
  const rows = grants.flatMap((grant) => rowsOf(grant, terms));
  const table = html`<table class="paths">
<caption class="away">Trust paths</caption>
<thead><tr><th scope="col">Identity</th><th scope="col">logs in as</th><th scope="col">and has</th><th scope="col">so it may</th><th scope="col">by the key</th><th scope="col">if</th></tr></thead>
<tbody>${joined(rows)}</tbody>
</table>`;
  return html`<details class="fold" id="paths"><summary>The same paths as a table, with their conditions <span class="soft">${rows.length}</span></summary>${wide("Trust paths", table, rows.length > TALL ? "tall" : "")}</details>`;
}

function rowsOf({ identity, key, paths, rights, unknown, origin }: Grant, terms: Terms): SafeHtml[] {
  const who = html`<th scope="row">${terms.identityName(identity)}</th>`;
  const maybe =
    unknown.length > 0 ? html` <span class="late">perhaps more: ${unknown.join(", ")}</span>` : "";
  const undeclared = origin === "live" ? html` <span class="late">not declared</span>` : "";
  if (paths.length === 0)
    return [
      html`<tr>${who}<td colspan="2">the key itself</td><td>${words(rights)}${maybe}${undeclared}</td><td>${terms.keyName(key)}</td><td></td></tr>
`,
    ];
  return paths.map(
    ({
      login,
      policies,
      rights: given,
      conditions,
    }) => html`<tr>${who}<td><code>${login}</code></td><td>${policies.map((name, at) => html`${at === 0 ? "" : ", "}<code>${name}</code>`)}</td><td>${words(given)}${maybe}${undeclared}</td><td>${terms.keyName(key)}</td><td class="soft">${conditions.join("; ")}</td></tr>
`,
  );
}

function words(rights: readonly string[]): SafeHtml {
  return html`${rights.map((right, at) => html`${at === 0 ? "" : ", "}${right === "decrypt" ? html`<strong>decrypt</strong>` : right}`)}`;
}
