import { asIs, type Leaf } from "../leaf";

/** A mapping or a list whose lines are being read, and the column of its keys or dashes. */
interface Frame {
  readonly kind: "map" | "list";
  readonly column: number;
  readonly path: string;
  count: number;
}

const LINE = /^( *)(- +)?([A-Za-z_][\w-]*):(?: +(.*?))?$/;
const EMPTY = new Set(["[]", "{}", "null", "~", '""', "''"]);
/** A plain scalar that is all on its line, without anything that YAML would read otherwise. */
const PLAIN = /^[^\s"'[\]{}&*!|>%@`#,?:-](?:[^\s:#]|:(?=\S)|(?<=\S)#| (?=[^\s#]))*$/;

/**
 * Reads the mapping under a `sops:` line, in the block style that sops itself writes. Undefined where the layout is another one: then
 * the YAML library has to tell, which takes a hundred times as long.
 */
export class YamlBlock {
  private readonly leaves: Leaf[] = [];
  private readonly frames: Frame[] = [];
  /** A key whose value is to come on the lines below it. */
  private pending: { readonly path: string; readonly column: number } | undefined;

  /** @param at offset of the line behind `sops:` */
  constructor(
    private readonly content: string,
    private at: number,
  ) {}

  read(): Leaf[] | undefined {
    while (this.at < this.content.length) {
      const [start, line] = this.line();
      if (line.trim() === "") continue;
      if (line[0] !== " ") break;
      if (!this.entry(start, line)) return undefined;
    }
    return this.leaves.length > 0 ? this.leaves : undefined;
  }

  /** The line at hand, without its end, and where it starts; moves on to the next. */
  private line(): [number, string] {
    const start = this.at;
    const end = this.content.indexOf("\n", start);
    this.at = end < 0 ? this.content.length : end + 1;
    const line = this.content.slice(start, end < 0 ? this.content.length : end);
    return [start, line.endsWith("\r") ? line.slice(0, -1) : line];
  }

  private entry(start: number, line: string): boolean {
    const [, spaces, dash, key, rest = ""] = LINE.exec(line) ?? [];
    if (spaces === undefined || key === undefined) return false;
    const column = spaces.length + (dash?.length ?? 0);
    const frame = dash === undefined ? this.map(column) : this.item(spaces.length, column);
    if (!frame) return false;
    const path = frame.path === "" ? key : `${frame.path}.${key}`;
    const value = rest.trimEnd();
    if (value === "") {
      this.pending = { path, column };
      return true;
    }
    const valueAt = start + line.length - rest.length;
    return /^\|[-+]?$/.test(value) ? this.literal(path, column, valueAt) : this.scalar(path, value, valueAt);
  }

  /** The mapping that a key in this column belongs to. */
  private map(column: number): Frame | undefined {
    const { pending } = this;
    this.pending = undefined;
    if (this.frames.length === 0 || (pending && column > pending.column))
      return this.push("map", column, pending?.path ?? "");
    return this.back("map", column);
  }

  /** A new item of the list whose dashes are in this column. */
  private item(dash: number, column: number): Frame | undefined {
    const { pending } = this;
    this.pending = undefined;
    const isFirst = pending && dash >= pending.column;
    const list = isFirst ? this.push("list", dash, pending.path) : this.back("list", dash);
    if (!list) return undefined;
    list.count++;
    return this.push("map", column, `${list.path}.${list.count - 1}`);
  }

  private push(kind: Frame["kind"], column: number, path: string): Frame {
    const frame = { kind, column, path, count: 0 };
    this.frames.push(frame);
    return frame;
  }

  private back(kind: Frame["kind"], column: number): Frame | undefined {
    for (let top = this.frames.at(-1); top; top = this.frames.at(-1)) {
      if (top.kind === kind && top.column === column) return top;
      if (top.column < column) return undefined;
      this.frames.pop();
    }
    return undefined;
  }

  private scalar(path: string, text: string, start: number): boolean {
    if (EMPTY.has(text)) return true;
    const span = { start, end: start + text.length };
    if (/^"(?:[^"\\]|\\["\\/nt])*"$/.test(text))
      this.leaves.push({ path, value: String(JSON.parse(text)), span, source: JSON.stringify });
    else if (/^'(?:[^']|'')*'$/.test(text))
      this.leaves.push({
        path,
        value: text.slice(1, -1).replaceAll("''", "'"),
        span,
        source: inSingleQuotes,
      });
    else if (PLAIN.test(text)) this.leaves.push({ path, value: text, span, source: asIs });
    else return false;
    return true;
  }

  /** `|` and the lines below it that are further in. Only what nobody rewrites is kept so. */
  private literal(path: string, column: number, start: number): boolean {
    const lines: string[] = [];
    let end = this.at;
    while (this.at < this.content.length) {
      const before = this.at;
      const [, line] = this.line();
      const inner = line.trimStart();
      if (inner !== "" && line.length - inner.length <= column) {
        this.at = before;
        break;
      }
      lines.push(inner);
      end = this.at;
    }
    const value = `${lines.join("\n").trimEnd()}\n`;
    const old = this.content.slice(start, end);
    const source = (fresh: string) => old.replace(value.trim(), () => fresh.trim());
    this.leaves.push({ path, value, span: { start, end }, source });
    return true;
  }
}

export function inSingleQuotes(value: string): string {
  return `'${value.replaceAll("'", "''")}'`;
}
