import { html, joined, NOTHING, type SafeHtml } from "../safe-html";
import { BOX, type Box, type Layout, type Route } from "./layout";
import { LAYERS } from "./trust-graph";

/** Room for the names of the columns. */
const HEAD = 30;
/** Signs of the small line. */
const CHARACTERS = 31;
/** More edges than these, and what one points at is not brought out: the rules for it would be longer than the page. */
const EMPHASIS = 600;
/** More edges than these are drawn lightly, so that one sees through them. */
const CROWD = 80;

export interface Drawing {
  readonly svg: SafeHtml;
  /** Rules that bring out, of a box that one points at, every way that leads through it. */
  readonly rules: string;
}

/** The graph as SVG. Every box is a link to where the page says more; nothing in it needs a script. */
export function drawingOf(layout: Layout, label: string): Drawing {
  const { boxes, routes, layers, width } = layout;
  const height = layout.height + HEAD + 4;
  const heads = layers.map(
    (layer, column) => html`<text class="layer" x="${left(column)}" y="12">${LAYERS[layer]}</text>`,
  );
  // What decrypts lies on top.
  const ordered = [...routes].sort((a, b) => Number(a.edge.decrypts) - Number(b.edge.decrypts));
  const lines = ordered.map(
    (route, at) =>
      html`<path id="e${at}" class="edge${route.edge.decrypts ? " decrypts" : ""}" d="${curve(route)}"/>`,
  );
  const decrypting = new Set(routes.filter(({ edge }) => edge.decrypts).flatMap(({ through }) => through));
  const nodes = boxes.map((box, at) => boxOf(box, at, decrypting.has(box)));
  return {
    svg: html`<svg class="graph${routes.length > CROWD ? " crowded" : ""}" viewBox="-2 0 ${width + 4} ${Math.ceil(height)}" width="${width + 4}" height="${Math.ceil(height)}" role="group" aria-label="${label}">${heads}<g>${joined(lines)}</g><g>${joined(nodes)}</g></svg>`,
    rules: routes.length <= EMPHASIS ? emphasis(boxes, ordered) : "",
  };
}

function left(column: number): number {
  return column * (BOX.width + BOX.gap);
}

function boxOf({ node, lines, column, y, height }: Box, at: number, decrypts: boolean): SafeHtml {
  if (node === undefined) return NOTHING;
  const [x, top] = [left(column), round(y - height / 2 + HEAD)];
  const texts = lines.map(
    (line, row) => html`<text x="${x + 12}" y="${top + 18 + row * 15}">${line}</text> `,
  );
  const small = node.detail.length > CHARACTERS ? `${node.detail.slice(0, CHARACTERS - 1)}…` : node.detail;
  const isCut = small !== node.detail || lines.join("").length < node.label.length - 1;
  // A browser shows it to whoever points at the box.
  const full = isCut ? html`<title>${node.label}, ${node.detail}</title>` : NOTHING;
  const kind = `${decrypts ? " decrypts" : ""}${node.count > 1 ? " many" : ""}`;
  return html`<a id="n${at}" class="box${kind}" href="#${node.anchor}"><rect x="${x}" y="${top}" width="${BOX.width}" height="${height}" rx="5">${full}</rect><rect class="edge-mark" x="${x}" y="${top}" width="4" height="${height}" rx="2"/>${texts}<text class="small" x="${x + 12}" y="${round(top + height - 9)}">${small}</text></a>`;
}

function curve({ through }: Route): string {
  const parts: string[] = [];
  for (const [at, box] of through.entries()) {
    const y = round(box.y + HEAD);
    const [x, end] = [left(box.column), left(box.column) + BOX.width];
    if (at === 0) parts.push(`M${end} ${y}`);
    else {
      const bend = BOX.gap / 2;
      const from = through[at - 1];
      parts.push(`C${x - bend} ${round((from?.y ?? 0) + HEAD)} ${x - bend} ${y} ${x} ${y}`);
      if (at < through.length - 1) parts.push(`H${end}`);
    }
  }
  return parts.join("");
}

function emphasis(boxes: readonly Box[], routes: readonly Route[]): string {
  const numbers = new Map(routes.map((route, at) => [route, at]));
  const starts = new Map<Box, Route[]>();
  const ends = new Map<Box, Route[]>();
  for (const route of routes) {
    const [first, last] = [route.through[0], route.through.at(-1)];
    if (first) starts.set(first, [...(starts.get(first) ?? []), route]);
    if (last) ends.set(last, [...(ends.get(last) ?? []), route]);
  }
  return boxes
    .flatMap((box, at) => {
      if (box.node === undefined) return [];
      const found = [...reach(box, starts, "end"), ...reach(box, ends, "start")];
      const ids = [...new Set(found)].map((route) => `#e${numbers.get(route) ?? ""}`);
      if (ids.length === 0) return [];
      return [`.graph:has(#n${at}:is(:hover,:focus)) :is(${ids.join(",")}){opacity:1;stroke-width:2.4}`];
    })
    .join("\n");
}

/** Every route that one comes to from a box in one direction. */
function reach(box: Box, by: ReadonlyMap<Box, readonly Route[]>, towards: "start" | "end"): Set<Route> {
  const found = new Set<Route>();
  const next = [box];
  for (let at = next.pop(); at !== undefined; at = next.pop())
    for (const route of by.get(at) ?? []) {
      if (found.has(route)) continue;
      found.add(route);
      const other = towards === "end" ? route.through.at(-1) : route.through[0];
      if (other) next.push(other);
    }
  return found;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
