import { counted } from "../../duration";
import type { Finding } from "../../finding";
import type { AuditReport } from "../../report-schema";
import { SEVERITIES } from "../../severities";
import { html, NOTHING, type SafeHtml } from "../safe-html";
import { section } from "./section";

/** More than these, and what is not grave is folded. */
const OPEN = 12;
/** Things of one kind. */
const SHOWN = 6;
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
<ul>${[...byKind(mine).values()].map(kind)}</ul>
</details>`;
  });
  return section("findings", "Findings", html`${groups}`);
}

function byKind(all: readonly Finding[]): Map<string, Finding[]> {
  const kinds = new Map<string, Finding[]>();
  for (const finding of all) {
    const id = JSON.stringify([finding.id, finding.mend]);
    kinds.set(id, [...(kinds.get(id) ?? []), finding]);
  }
  return kinds;
}

/** All of one kind: their remedy is the same, and is said once. */
function kind(all: readonly Finding[]): SafeHtml {
  const [first] = all;
  if (first === undefined) return NOTHING;
  const { id, origin, mend } = first;
  const more = all.length - SHOWN;
  const things = all
    .slice(0, SHOWN)
    .map(({ what, where }) => html`<p class="what">${what} <code class="soft">${where}</code></p>`);
  return html`<li class="finding">
${things}${more > 0 ? html`<p class="what">&hellip; and ${more} more; the JSON report has them.</p>` : NOTHING}
<p class="facts"><span class="soft">To mend it:</span> ${withCode(mend)} <span class="soft id">${id}, ${ORIGINS[origin]}</span></p>
</li>
`;
}

/** Remedies have names of settings between backticks. */
function withCode(text: string): SafeHtml {
  return html`${text.split("`").map((part, at) => (at % 2 === 1 ? html`<code>${part}</code>` : part))}`;
}

/** One finding in a line, for lists of what is new. */
export function findingLine({ severity, id, where, what }: Finding): SafeHtml {
  return html`<li><span class="sev ${severity}">${severity}</span> ${what} <span class="soft"><code>${where}</code> <code>${id}</code></span></li>
`;
}
