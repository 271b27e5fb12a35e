import { GraphBuilder, LAYERS, type TrustGraph, type TrustNode } from "./trust-graph";

/** As many boxes in a column as one still reads. */
const ROOM = 18;

/** What a column's boxes are together, in small letters. */
const MANY = ["identities", "logins", "policies", "keys", "Kustomizations", "namespaces"] as const;

/** A graph in which every column is short enough: one that is not shows its groups, and of too many groups the largest. */
export function folded(graph: TrustGraph): TrustGraph {
  const builder = new GraphBuilder();
  const boxes = new Map<string, string>();
  for (const layer of LAYERS.keys()) {
    const mine = graph.nodes.filter((node) => node.layer === layer);
    for (const [node, box] of boxesFor(mine, layer)) boxes.set(node, builder.node(box));
  }
  for (const { from, to, decrypts } of graph.edges)
    builder.edge(boxes.get(from) ?? from, boxes.get(to) ?? to, decrypts);
  return builder.graph;
}

/** The box of each node. */
function boxesFor(nodes: readonly TrustNode[], layer: number): Map<string, TrustNode> {
  if (nodes.length <= ROOM) return new Map(nodes.map((node) => [node.id, node]));
  const groups = new Map<string, TrustNode[]>();
  for (const node of nodes) groups.set(node.group, [...(groups.get(node.group) ?? []), node]);
  const largest = [...groups].sort(([, a], [, b]) => b.length - a.length);
  const shown = largest.length <= ROOM ? largest : largest.slice(0, ROOM - 1);
  const rest = largest.slice(shown.length).flatMap(([, members]) => members);
  const all =
    rest.length === 0 ? shown : [...shown, [`${largest.length - shown.length} other groups`, rest] as const];
  return new Map(
    all.flatMap(([group, members]) => members.map((member) => [member.id, boxOf(group, members, layer)])),
  );
}

function boxOf(group: string, members: readonly TrustNode[], layer: number): TrustNode {
  const [first] = members;
  if (members.length === 1 && first !== undefined) return first;
  return {
    ...{ id: `group ${layer} ${group}`, layer, label: group, group },
    detail: `${members.length} ${MANY[layer] ?? ""}`,
    anchor: layer === 0 ? "access" : layer === 3 ? "keys" : layer > 3 ? "flux" : "paths",
    count: members.length,
  };
}
