import { counted, minuteOf } from "../../duration";
import type { AuditReport, Log } from "../../report-schema";
import { html, joined, NOTHING, type SafeHtml } from "../safe-html";
import { section, wide } from "./section";

/** Rows of one table. */
const SHOWN = 100;
/** From so many rows on a table has a height of its own. */
const TALL = 20;

/** What Vault's audit log tells: who did use the key, who was refused, who changed what guards it. */
export function log({ log: part }: AuditReport): SafeHtml {
  if (part === undefined) return NOTHING;
  const { lines, unreadable, from, to, uses, refusedLogins, changes } = part;
  const span = from === undefined || to === undefined ? "" : ` from ${minuteOf(from)} to ${minuteOf(to)}`;
  const torn = unreadable === 0 ? "" : `; ${counted(unreadable, "line")} could not be read`;
  const content = [
    table("Uses of the key", ["Who", "did", "with", "by", "Requests", "Data keys", "Last"], uses, useRow),
    table("Refused logins", ["Login", "From", "Times", "Last"], refusedLogins, refusedRow),
    table("Changes", ["Who", "changed", "by", "Times", "Last"], changes, changeRow),
  ];
  const isEmpty = uses.length + refusedLogins.length + changes.length === 0;
  return section(
    "log",
    "What Vault's audit log tells",
    isEmpty ? html`<p class="none">Nothing about the key.</p>` : joined(content),
    `${counted(lines, "entry").replace(/entrys$/, "entries")}${span}${torn}.`,
  );
}

function table<T>(
  title: string,
  heads: readonly string[],
  items: readonly T[],
  rowOf: (item: T) => SafeHtml,
): SafeHtml {
  if (items.length === 0) return NOTHING;
  const more = items.length - SHOWN;
  const rows = html`<table>
<caption>${title}</caption>
<thead><tr>${heads.map((name) => html`<th scope="col">${name}</th>`)}</tr></thead>
<tbody>${joined(items.slice(0, SHOWN).map(rowOf))}</tbody>
</table>`;
  return html`${wide(title, rows, items.length > TALL ? "tall" : "")}${more > 0 ? html`<p class="soft">&hellip; and ${more} more; the JSON report has them.</p>` : NOTHING}`;
}

function useRow({ identity, operation, result, key, by, count, items, last }: Log["uses"][number]): SafeHtml {
  const did = result === "done" ? html`${operation}` : html`${operation} <span class="late">${result}</span>`;
  const login =
    by === undefined ? html`<span class="late">no login of the loop</span>` : html`<code>${by}</code>`;
  return html`<tr><th scope="row">${identity}</th><td>${did}</td><td>${key}</td><td>${login}</td><td class="number">${count}</td><td class="number">${items}</td><td>${minuteOf(last)}</td></tr>
`;
}

function refusedRow({ path, addresses, count, last }: Log["refusedLogins"][number]): SafeHtml {
  return html`<tr><th scope="row"><code>${path}</code></th><td>${addresses.join(", ")}</td><td class="number">${count}</td><td>${minuteOf(last)}</td></tr>
`;
}

function changeRow({ identity, path, operation, count, last }: Log["changes"][number]): SafeHtml {
  return html`<tr><th scope="row">${identity}</th><td><code>${path}</code></td><td>${operation}</td><td class="number">${count}</td><td>${minuteOf(last)}</td></tr>
`;
}
