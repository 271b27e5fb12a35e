import { type Document, isNode, LineCounter, parseDocument } from "yaml";

/** Where things stand in a mapping file. Reading it with its lines takes several times as long as without, and only errors need them. */
export class MappingLines {
  private read: { readonly document: Document; readonly lines: LineCounter } | undefined;

  constructor(
    private readonly name: string,
    private readonly text: string,
  ) {}

  /** File and line of the innermost thing on this path that is there: `secrets.yaml:3`. */
  at(path: readonly PropertyKey[]): string {
    this.read ??= this.parse();
    const { document, lines } = this.read;
    for (let length = path.length; length > 0; length--) {
      const node = document.getIn(path.slice(0, length), true);
      if (isNode(node) && node.range) return this.line(lines.linePos(node.range[0]).line);
    }
    return this.line(1);
  }

  /** @param line from 1. */
  line(line: number): string {
    return `${this.name}:${line}`;
  }

  private parse() {
    const lines = new LineCounter();
    return { document: parseDocument(this.text, { lineCounter: lines, logLevel: "silent" }), lines };
  }
}
