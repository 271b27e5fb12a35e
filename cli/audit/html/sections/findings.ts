import { counted } from "../../duration";
import type { Finding } from "../../finding";
import type { AuditReport } from "../../report-schema";
import { SEVERITIES } from "../../severities";
import { html, NOTHING, type SafeHtml } from "../safe-html";
import { section } from "./section";

/** More than these, and what is not grave is folded. */
const OPEN = 12;
const ORIGINS = {
  policy: "policy pack",
  live: "live systems",
  "vault-log": "Vault's audit log",
  files: "deploy repository",
} as const;

/** Everything that is wrong, worst first, each with its remedy. */
export function findings({ findings: all, checks }: AuditReport): SafeHtml {
  if (checks.length === 0)
    return section(
      "findings",
      "Findings",
      html`<p class="none">Nothing was judged: call it with <code>--policies</code>, <code>--files</code> or <code>--live</code>.</p>`,
    );
  if (all.length === 0)
    return section("findings", "Findings", html`<p class="none">Nothing wrong was found.</p>`);
  const groups = SEVERITIES.map((severity) => {
    const mine = all.filter((finding) => finding.severity === severity);
    if (mine.length === 0) return NOTHING;
    const isOpen = severity === "critical" || severity === "high" || all.length <= OPEN;
    return html`<details class="findings"${isOpen ? html` open` : NOTHING}>
<summary><span class="sev ${severity}">${severity}</span> <span class="soft">${counted(mine.length, "finding")}</span></summary>
<ul>${mine.map(item)}</ul>
</details>`;
  });
  return section("findings", "Findings", html`${groups}`);
}

function item({ id, origin, where, what, mend }: Finding): SafeHtml {
  return html`<li class="finding">
<p class="what">${what}</p>
<p class="facts"><code>${where}</code> <span class="soft"><code>${id}</code>, ${ORIGINS[origin]}</span></p>
<p class="mend"><span class="soft">To mend it:</span> ${mend}</p>
</li>
`;
}

/** One finding in a line, for lists of what is new. */
export function findingLine({ severity, id, where, what }: Finding): SafeHtml {
  return html`<li><span class="sev ${severity}">${severity}</span> ${what} <span class="soft"><code>${where}</code> <code>${id}</code></span></li>
`;
}
