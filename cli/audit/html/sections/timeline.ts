import { dayOf } from "../../duration";
import type { Key } from "../../report-schema";
import { versionName } from "../../version-name";
import { html, joined, NOTHING, type SafeHtml } from "../safe-html";
import type { TimeAxis } from "../time-axis";

const HEIGHT = 30;
const LINE = 20;
/** Between two numbers of versions. */
const ROOM = 14;

/** The versions of one key as steps along the time. */
export function timeline(key: Key, axis: TimeAxis): SafeHtml {
  const versions = key.versions.flatMap(({ created, ...version }) =>
    created === undefined ? [] : [{ ...version, created }],
  );
  let last = Number.NEGATIVE_INFINITY;
  const steps = versions.map(({ version, state, created }, at) => {
    const [from, to] = [axis.at(created), axis.at(versions[at + 1]?.created ?? axis.now)];
    const isNamed = from - last >= ROOM;
    if (isNamed) last = from;
    // Long names of versions would hang over the edge.
    const anchor = version.length > 3 ? html` class="start"` : NOTHING;
    const name = isNamed ? html`<text x="${from}" y="10"${anchor}>${versionName(version)}</text>` : NOTHING;
    return html`<line class="${state}" x1="${from}" x2="${to}" y1="${LINE}" y2="${LINE}"/><circle class="${state}" cx="${from}" cy="${LINE}" r="3.5"/>${name}`;
  });
  return html`<svg class="timeline" viewBox="0 0 ${axis.width} ${HEIGHT}" width="${axis.width}" height="${HEIGHT}" role="img" aria-label="${spoken(key)}">${axis.grid(HEIGHT)}${joined(steps)}${due(key, axis)}</svg>`;
}

function due({ rotatesAt, expiresAt }: Key, axis: TimeAxis): SafeHtml {
  const placed = (time: string | undefined) =>
    time !== undefined && axis.has(time) ? axis.at(time) : undefined;
  const [next, end] = [placed(rotatesAt), placed(expiresAt)];
  return html`${next === undefined ? NOTHING : html`<path class="due" d="M${next - 4.5} ${LINE}l4.5 -4.5l4.5 4.5l-4.5 4.5z"/>`}${end === undefined ? NOTHING : html`<line class="end" x1="${end}" x2="${end}" y1="${LINE - 7}" y2="${LINE + 7}"/>`}`;
}

function spoken({ name, versions, rotatesAt, expiresAt }: Key): string {
  const made = versions.flatMap(({ version, created }) =>
    created === undefined ? [] : [`${versionName(version)} of ${dayOf(created)}`],
  );
  return [
    `Versions of ${name}: ${made.join(", ")}`,
    ...(rotatesAt === undefined ? [] : [`next due ${dayOf(rotatesAt)}`]),
    ...(expiresAt === undefined ? [] : [`expires ${dayOf(expiresAt)}`]),
  ].join("; ");
}
