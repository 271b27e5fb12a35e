import type { TrustEdge, TrustGraph, TrustNode } from "./trust-graph";

export const BOX = { width: 196, gap: 50, space: 11 } as const;
const LINE = 15;
/** Signs of a line. */
const CHARACTERS = 26;
const SWEEPS = 10;
/** Between two boxes that have nothing above and below them in any column. */
const BAND = 18;

/** A box with its place; `node` is absent where an edge only passes by. */
export interface Box {
  readonly node?: TrustNode;
  readonly lines: readonly string[];
  readonly column: number;
  readonly height: number;
  /** Of its middle. */
  y: number;
  readonly before: Box[];
  readonly after: Box[];
}

/** An edge and the boxes that it goes through, first to last. */
export interface Route {
  readonly edge: TrustEdge;
  readonly through: readonly Box[];
}

export interface Layout {
  readonly boxes: readonly Box[];
  readonly routes: readonly Route[];
  /** Layers that have boxes, from left to right. */
  readonly layers: readonly number[];
  readonly width: number;
  readonly height: number;
}

/**
 * Places a layered graph: boxes are ordered by the mean of their neighbours, which keeps most edges from crossing, and then drawn
 * towards them as far as the others leave room.
 */
export function layoutOf({ nodes, edges }: TrustGraph): Layout {
  const layers = [...new Set(nodes.map(({ layer }) => layer))].sort((a, b) => a - b);
  const columns: Box[][] = layers.map(() => []);
  const boxes = new Map<string, Box>();
  for (const node of nodes) {
    const column = layers.indexOf(node.layer);
    const lines = linesOf(node.label);
    const box = { node, lines, column, height: 25 + lines.length * LINE, y: 0, before: [], after: [] };
    boxes.set(node.id, box);
    columns[column]?.push(box);
  }
  const routes = edges.flatMap((edge) => {
    const [from, to] = [boxes.get(edge.from), boxes.get(edge.to)];
    return from && to ? [{ edge, through: through(from, to, columns) }] : [];
  });
  for (let sweep = 0; sweep < SWEEPS; sweep++) order(columns, sweep % 2 === 0);
  for (const column of columns) stack(column);
  for (let sweep = 0; sweep < SWEEPS; sweep++) settle(columns, sweep % 2 === 0);
  const all = columns.flat();
  close(all);
  return {
    ...{ boxes: all, routes, layers },
    width: layers.length * BOX.width + (layers.length - 1) * BOX.gap,
    height: Math.max(...all.map(({ y, height }) => y + height / 2)),
  };
}

/** An edge over several columns passes each by a box of its own, so that nothing is drawn across another. */
function through(from: Box, to: Box, columns: Box[][]): Box[] {
  const path = [from];
  for (let column = from.column + 1; column < to.column; column++) {
    const box: Box = { lines: [], column, height: 6, y: 0, before: [], after: [] };
    columns[column]?.push(box);
    path.push(box);
  }
  path.push(to);
  for (const [at, box] of path.entries()) {
    const next = path[at + 1];
    if (next === undefined) continue;
    box.after.push(next);
    next.before.push(box);
  }
  return path;
}

function order(columns: Box[][], forwards: boolean): void {
  for (const column of forwards ? columns : columns.toReversed()) {
    const rank = new Map(
      columns.flatMap((other) => other.map((box, at) => [box, at / other.length] as const)),
    );
    const weight = new Map(
      column.map((box) => {
        const near = forwards ? box.before : box.after;
        const ranks = near.map((other) => rank.get(other) ?? 0);
        return [box, ranks.length === 0 ? (rank.get(box) ?? 0) : mean(ranks)] as const;
      }),
    );
    column.sort((a, b) => (weight.get(a) ?? 0) - (weight.get(b) ?? 0));
  }
}

function stack(column: readonly Box[]): void {
  let y = 0;
  for (const box of column) {
    box.y = y + box.height / 2;
    y += box.height + BOX.space;
  }
}

function settle(columns: readonly Box[][], forwards: boolean): void {
  for (const column of forwards ? columns : columns.toReversed()) {
    const wanted = column.map((box) => {
      const near = forwards ? box.before : box.after;
      return near.length === 0 ? box.y : mean(near.map(({ y }) => y));
    });
    const apart = (at: number) => {
      const [one, other] = [column[at - 1], column[at]];
      return one && other ? (one.height + other.height) / 2 + BOX.space : 0;
    };
    const down = [...wanted];
    for (let at = 1; at < down.length; at++)
      down[at] = Math.max(down[at] ?? 0, (down[at - 1] ?? 0) + apart(at));
    const up = [...wanted];
    for (let at = up.length - 2; at >= 0; at--)
      up[at] = Math.min(up[at] ?? 0, (up[at + 1] ?? 0) - apart(at + 1));
    // Each keeps them apart, and so does what lies in the middle.
    for (const [at, box] of column.entries()) box.y = ((down[at] ?? 0) + (up[at] ?? 0)) / 2;
  }
}

/** Parts that hang together with nothing of the others drift apart: bands in which no column has a box are made narrow. */
function close(boxes: readonly Box[]): void {
  const sorted = [...boxes].sort((a, b) => a.y - a.height / 2 - (b.y - b.height / 2));
  let bottom = 0;
  let moved: number | undefined;
  for (const box of sorted) {
    const top = box.y - box.height / 2;
    moved ??= -top;
    const gap = top + moved - bottom;
    if (gap > BAND) moved -= gap - BAND;
    box.y += moved;
    bottom = Math.max(bottom, box.y + box.height / 2);
  }
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** At most two lines, parted where names have signs for it. */
function linesOf(label: string): string[] {
  if (label.length <= CHARACTERS) return [label];
  const head = label.slice(0, CHARACTERS);
  const at = Math.max(...["/", "_", "-", " ", "."].map((sign) => head.lastIndexOf(sign))) + 1;
  const cut = at > CHARACTERS / 3 ? at : CHARACTERS;
  const rest = label.slice(cut);
  return [
    label.slice(0, cut).trimEnd(),
    rest.length > CHARACTERS ? `${rest.slice(0, CHARACTERS - 1)}…` : rest,
  ];
}
