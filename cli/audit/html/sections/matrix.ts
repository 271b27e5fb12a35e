import { counted } from "../../duration";
import type { AuditReport, Grant, Identity, Key } from "../../report-schema";
import { html, joined, NOTHING, type SafeHtml } from "../safe-html";
import { isDangerous, markOf, type Terms } from "../terms";
import { section, wide } from "./section";

/** From so many keys on there is room for marks only, and words are left to the tables below. */
const NARROW = 7;
/** From so many identities on the table has a height of its own, so that its heads stay in sight. */
const TALL = 15;
/** From so many identities on their groups are folded. */
const MANY = 40;

/** Rows are identities in their groups, columns are keys. */
export function matrix(report: AuditReport, terms: Terms): SafeHtml {
  const { keys, identities, grants } = report;
  if (identities.length === 0)
    return section("access", "Who can decrypt what", html`<p class="none">Nobody may do anything.</p>`);
  const byIdentity = new Map<string, Map<string, Grant>>();
  for (const grant of grants) {
    const row = byIdentity.get(grant.identity) ?? new Map<string, Grant>();
    byIdentity.set(grant.identity, row.set(grant.key, grant));
  }
  const groups = new Map<string, Identity[]>();
  for (const who of identities) groups.set(who.group, [...(groups.get(who.group) ?? []), who]);
  const isFolded = identities.length > MANY;
  const isNarrow = keys.length >= NARROW;
  const bodies = [...groups].map(([group, members]) => {
    const rows = members.map((who) => row(who, keys, byIdentity.get(who.id), terms, isNarrow));
    const counts = isFolded
      ? joined(keys.map((key) => countCell(key, members, byIdentity)))
      : html`<td colspan="${keys.length}"></td>`;
    return html`<tbody class="group">
<tr class="head"><th scope="rowgroup" class="name">${groupName(group, members.length, isFolded)}</th>${counts}</tr>
${joined(rows)}</tbody>
`;
  });
  const table = html`<table class="matrix${isNarrow ? " narrow" : ""}">
<caption class="away">What each identity may do with each key</caption>
${columns(keys, terms, isNarrow)}
${joined(bodies)}</table>`;
  const note = isFolded
    ? `${counted(identities.length, "identity").replace("identitys", "identities")} in ${counted(groups.size, "group")}: a number says how many of a group may decrypt by a key. Open a group to see whose.`
    : undefined;
  return section(
    "access",
    "Who can decrypt what",
    html`${legend(grants)}${wide("Who can decrypt what", table, identities.length > TALL ? "tall" : "")}`,
    note,
  );
}

function columns(keys: readonly Key[], terms: Terms, isNarrow: boolean): SafeHtml {
  const heads = keys.map(
    (key) =>
      html`<th scope="col"><a href="#${terms.keyAnchor(key.id)}" title="${key.id}"><span class="col">${isNarrow ? key.name.replace("/keys/", "/") : key.name}</span></a></th>`,
  );
  return html`<thead><tr><th scope="col" class="name corner">Identity</th>${joined(heads)}</tr></thead>`;
}

/** A box to tick and no script. */
function groupName(group: string, count: number, isFolded: boolean): SafeHtml {
  if (!isFolded) return html`${group}`;
  const name = html`${group} <span class="soft">${count}</span>`;
  return html`<label><input type="checkbox" class="open"><span class="away">Show the members of </span>${name}</label>`;
}

function countCell(
  { id }: Key,
  members: readonly Identity[],
  grants: ReadonlyMap<string, ReadonlyMap<string, Grant>>,
): SafeHtml {
  const count = members.filter((who) => grants.get(who.id)?.get(id)?.rights.includes("decrypt")).length;
  return count === 0 ? html`<td></td>` : html`<td><b>${count}</b><span class="away"> may decrypt</span></td>`;
}

function row(
  who: Identity,
  keys: readonly Key[],
  grants: ReadonlyMap<string, Grant> | undefined,
  terms: Terms,
  isNarrow: boolean,
): SafeHtml {
  const cells = keys.map(({ id }) => {
    const grant = grants?.get(id);
    return grant === undefined ? html`<td></td>` : cell(grant, isNarrow);
  });
  return html`<tr class="member"><th scope="row" class="name" id="${terms.identityAnchor(who.id)}">${who.name}</th>${joined(cells)}</tr>
`;
}

function cell(grant: Grant, isNarrow: boolean): SafeHtml {
  const { rights, unknown, origin } = grant;
  const words = [
    ...rights,
    ...(unknown.length > 0 ? ["maybe more"] : []),
    ...(origin === "live" ? ["not declared"] : []),
  ];
  const shown = words.map(
    (word, at) => html`${at === 0 ? "" : ", "}${word === "decrypt" ? html`<strong>decrypt</strong>` : word}`,
  );
  const kind = `${markOf(grant)}${isDangerous(grant) ? " danger" : ""}${origin === "live" ? " undeclared" : ""}`;
  const more = unknown.length > 0 ? html`<sup aria-hidden="true">?</sup>` : NOTHING;
  const title = isNarrow ? html` title="${words.join(", ")}"` : NOTHING;
  return html`<td class="cell"${title}><i class="mark ${kind}"></i>${more} <span class="${isNarrow ? "away" : "words"}">${shown}</span></td>`;
}

function legend(grants: readonly Grant[]): SafeHtml {
  const entry = (kind: string, words: string, isThere: boolean) =>
    isThere ? html`<li><i class="mark ${kind}"></i> ${words}</li>` : NOTHING;
  return html`<ul class="legend" aria-label="Marks">
${entry("decrypt", "may decrypt", true)}
${entry("write", "may encrypt or rewrap, not read", true)}
${entry("look", "may look at versions or compare", true)}
${entry("decrypt danger", "outlined: may also delete, export, configure or give rights", grants.some(isDangerous))}
${entry(
  "decrypt undeclared",
  "square: is so in the live systems, and declared nowhere",
  grants.some(({ origin }) => origin === "live"),
)}
${grants.some(({ unknown }) => unknown.length > 0) ? html`<li><sup>?</sup> may have more rights than are known</li>` : NOTHING}
</ul>`;
}
