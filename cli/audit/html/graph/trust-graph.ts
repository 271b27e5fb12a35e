/** From who, over what lets them, to where the secrets end. */
export const LAYERS = [
  "Identity",
  "logs in as",
  "has",
  "and so the key",
  "opens what Flux builds",
  "for the cluster",
] as const;

export interface TrustNode {
  readonly id: string;
  /** Position in LAYERS. */
  readonly layer: number;
  readonly label: string;
  readonly detail: string;
  /** What it is folded into where there are too many of its layer. */
  readonly group: string;
  /** Name of the anchor where the page says more. */
  readonly anchor: string;
  /** How many it stands for. */
  readonly count: number;
}

export interface TrustEdge {
  readonly from: string;
  readonly to: string;
  /** Whether the right to decrypt goes along it. */
  readonly decrypts: boolean;
}

export interface TrustGraph {
  readonly nodes: readonly TrustNode[];
  readonly edges: readonly TrustEdge[];
}

/** Nodes and edges, each once. */
export class GraphBuilder {
  private readonly nodes = new Map<string, TrustNode>();
  private readonly edges = new Map<string, TrustEdge>();

  node(node: TrustNode): string {
    if (!this.nodes.has(node.id)) this.nodes.set(node.id, node);
    return node.id;
  }

  edge(from: string, to: string, decrypts: boolean): void {
    const id = JSON.stringify([from, to]);
    this.edges.set(id, { from, to, decrypts: decrypts || this.edges.get(id)?.decrypts === true });
  }

  get graph(): TrustGraph {
    return { nodes: [...this.nodes.values()], edges: [...this.edges.values()] };
  }
}
