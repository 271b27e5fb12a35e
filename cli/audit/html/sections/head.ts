import { counted, minuteOf, spanBetween } from "../../duration";
import type { AuditReport } from "../../report-schema";
import { SEVERITIES } from "../../severities";
import { html, NOTHING, type SafeHtml } from "../safe-html";

/** What the page is about, and the few numbers that one looks for first. */
export function head(report: AuditReport): SafeHtml {
  const { stack, summary, source, made, checks } = report;
  const age = source.stateOf === undefined ? undefined : spanBetween(source.stateOf, made);
  const state =
    source.stateOf === undefined
      ? html`From the stack&#8217;s outputs; when they were written is not known.`
      : html`By the state of <time datetime="${source.stateOf}">${minuteOf(source.stateOf)}</time>, ${age} before this report; what happened since is not in it.`;
  return html`<header class="top">
<p class="over">sopsloop audit${stack === undefined ? NOTHING : html` <span aria-hidden="true">&middot;</span> <strong>${stack}</strong>`}</p>
<h1>Who can decrypt what</h1>
<p class="lead">${lead(report)}</p>
<p class="soft">${state} Made <time datetime="${made}">${minuteOf(made)}</time>. ${lookedAt(checks)}</p>
<dl class="tiles">
${tile("May decrypt", summary.decryptors, `of ${identities(summary.identities)}`, "#access")}
${tile("Keys", summary.keys, backendsOf(report), "#keys")}
${findingsTile(report)}
${report.files ? tile("Stale files", report.files.stale, `of ${counted(report.files.list.length, "encrypted file")}`, "#files") : NOTHING}
${report.changes ? tile("Rights gained, lost", report.changes.gained.length, `gained, ${report.changes.lost.length} lost`, "#changes") : NOTHING}
</dl>
</header>`;
}

function lead({ summary: { decryptors, findings }, checks }: AuditReport): string {
  const worst = SEVERITIES.find((severity) => findings[severity] > 0);
  const who = `${identities(decryptors)} may decrypt.`;
  if (checks.length === 0) return who;
  if (worst === undefined) return `${who} Nothing wrong was found.`;
  return `${who} The worst of what was found is ${worst}.`;
}

function identities(count: number): string {
  return counted(count, "identity").replace(/identitys$/, "identities");
}

function backendsOf({ keys }: AuditReport): string {
  const names = {
    vault: "Vault",
    azure: "Azure",
    aws: "AWS",
    gcp: "Google",
    huawei: "Huawei",
    age: "age",
    pgp: "PGP",
  };
  return [...new Set(keys.map(({ backend }) => names[backend]))].join(", ");
}

function lookedAt(checks: readonly string[]): string {
  const names: Readonly<Record<string, string>> = {
    policies: "the policies",
    files: "the deploy repository",
    live: "the live systems",
    "vault-log": "Vault's audit log",
  };
  const beside = checks.map((check) => names[check] ?? check);
  if (beside.length === 0) return "Nothing but the stack was looked at.";
  const [last, ...others] = [...beside].reverse();
  return `Looked at beside the stack: ${[others.reverse().join(", "), last].filter((part) => part !== "").join(" and ")}.`;
}

function tile(name: string, value: number, more: string, anchor: string): SafeHtml {
  return html`<div class="tile"><dt><a href="${anchor}">${name}</a></dt><dd><span class="big">${value.toLocaleString("en-GB")}</span> <span class="soft">${more}</span></dd></div>`;
}

function findingsTile({ summary: { findings }, checks }: AuditReport): SafeHtml {
  const total = SEVERITIES.reduce((sum, severity) => sum + findings[severity], 0);
  const parts = SEVERITIES.filter((severity) => findings[severity] > 0);
  const more =
    parts.length > 0
      ? parts.map((severity) => html`<span class="sev ${severity}">${findings[severity]} ${severity}</span> `)
      : html`<span class="soft">${checks.length > 0 ? "nothing found" : "nothing was judged"}</span>`;
  return html`<div class="tile"><dt><a href="#findings">Findings</a></dt><dd><span class="big">${total}</span> ${more}</dd></div>`;
}
