import { counted, dayOf, spanBetween, wordsOf } from "../../duration";
import type { AuditReport, Key } from "../../report-schema";
import { versionName } from "../../version-name";
import { html, joined, NOTHING, type SafeHtml } from "../safe-html";
import type { Terms } from "../terms";
import { TimeAxis } from "../time-axis";
import { section, wide } from "./section";
import { timeline } from "./timeline";

/** From so many keys on each has one line. */
const DENSE = 12;

/** Every key with its versions on one common line of time. */
export function keys(report: AuditReport, terms: Terms): SafeHtml {
  const { keys: all, made } = report;
  const axis = TimeAxis.of(all, made);
  const heads = [
    "Key",
    "Type",
    "Version",
    "Rotates",
    "Expires",
    ...(report.files ? ["Files by version"] : []),
  ];
  const rows = all.map((key) => row(key, made, axis, terms, report.files !== undefined));
  const isDense = all.length > DENSE;
  const table = html`<table class="keys${isDense ? " dense" : ""}">
<caption class="away">Keys, their versions and their times</caption>
<thead><tr>${heads.map((name) => html`<th scope="col">${name}</th>`)}<th scope="col" class="time">${axis ? axis.scale() : "Made"}</th></tr></thead>
<tbody>${joined(rows)}</tbody>
</table>`;
  return section(
    "keys",
    "Keys",
    wide("Keys", table, isDense ? "tall" : ""),
    axis &&
      "A step is a version. Pale: still decrypts; dashed: decrypts no more; hollow diamond: the next rotation; bar across: no encryption from then on.",
  );
}

function row(key: Key, made: string, axis: TimeAxis | undefined, terms: Terms, hasFiles: boolean): SafeHtml {
  const time = axis && key.versions.some(({ created }) => created !== undefined);
  return html`<tr id="${terms.keyAnchor(key.id)}">
<th scope="row"><span class="key">${key.name}</span> <span class="id">${key.id === key.name ? "" : key.id}</span></th>
<td>${key.type ?? "—"}</td>
<td>${versionCell(key, made)}</td>
<td>${rotationCell(key, made)}</td>
<td>${expiryCell(key, made)}</td>
${hasFiles ? html`<td>${filesCell(key)}</td>` : NOTHING}<td class="time">${time ? timeline(key, axis) : html`<span class="soft">${key.versions.length > 0 ? "not known when" : "no versions"}</span>`}</td>
</tr>
`;
}

function versionCell({ current, versions, oldestUsable }: Key, made: string): SafeHtml {
  if (current === undefined)
    return html`<span class="soft">${versions.length > 0 ? "not known" : "—"}</span>`;
  const created = versions.find(({ version }) => version === current)?.created;
  const age =
    created === undefined ? NOTHING : html` <span class="soft">${spanBetween(created, made)} old</span>`;
  const open =
    oldestUsable === undefined || oldestUsable === current
      ? NOTHING
      : html`<br> <span class="soft">decrypts from ${versionName(oldestUsable)} on</span>`;
  return html`<strong title="${current}">${versionName(current)}</strong>${age}${open}`;
}

function rotationCell({ rotation, rotatesAt, backend }: Key, made: string): SafeHtml {
  if (rotation === undefined)
    return html`${backend === "age" || backend === "pgp" ? "—" : html`<span class="soft">by people only</span>`}`;
  const every = /before/.test(rotation) ? rotation : `every ${wordsOf(rotation)}`;
  if (rotatesAt === undefined) return html`${every}`;
  const isLate = rotatesAt < made;
  const span = spanBetween(rotatesAt, made);
  return html`${every}<br> <span class="${isLate ? "late" : "soft"}">${isLate ? `overdue by ${span}` : `next in ${span}`}</span>`;
}

function expiryCell({ expires, expiresAt }: Key, made: string): SafeHtml {
  if (expiresAt === undefined) return html`${expires === undefined ? "—" : `after ${wordsOf(expires)}`}`;
  const isPast = expiresAt < made;
  return html`<span class="${isPast ? "late" : ""}">${isPast ? "expired " : ""}<time datetime="${expiresAt}">${dayOf(expiresAt)}</time></span>`;
}

function filesCell({ versions }: Key): SafeHtml {
  const counts = versions.filter(({ files }) => (files ?? 0) > 0);
  if (counts.length === 0) return html`<span class="soft">none</span>`;
  return html`<ul class="plain">${counts.map(({ version, files = 0, state }) => {
    const kind = state === "current" ? "" : "stale";
    return html`<li class="${kind}"><span title="${version}">${versionName(version)}</span>: ${counted(files, "file")}</li>`;
  })}</ul>`;
}
