type Mapping = Record<string, unknown>;

/** A mapping or a list whose lines are being read, and the column of its keys or dashes. */
type Frame =
  | { readonly kind: "map"; readonly column: number; readonly node: Mapping }
  | { readonly kind: "list"; readonly column: number; readonly node: unknown[] };

const LINE = /^( *)(- )?([A-Za-z_][\w.-]*):(?: ([A-Za-z_][\w./-]*))?$/;
const NOTHING = /^ *(?:#.*)?$/;
/** Words that are no texts in YAML's core schema. */
const NO_TEXT = /^(?:null|Null|NULL|true|True|TRUE|false|False|FALSE)$/;

/**
 * Reads mappings, and lists of them, in block style with one plain word a value, as mapping files of thousands of keys are written.
 * Undefined for everything else, mistakes included: then the YAML library has to tell, which takes five times as long.
 */
export function plainYaml(text: string): Mapping | undefined {
  const root: Mapping = {};
  const frames: Frame[] = [{ kind: "map", column: 0, node: root }];
  /** A key whose value may come on the lines below it. */
  let pending: { readonly map: Mapping; readonly key: string; readonly column: number } | undefined;
  const push = (frame: Frame) => {
    frames.push(frame);
    return frame.node;
  };
  /** What is open in that column, once all that is further in has been closed. */
  const back = (kind: Frame["kind"], column: number) => {
    for (let top = frames.at(-1); top && top.column >= column; top = frames.at(-1)) {
      if (top.kind === kind && top.column === column) return top.node;
      frames.pop();
    }
    return undefined;
  };
  for (const line of text.split("\n")) {
    const [, spaces = "", dash, key, value] = LINE.exec(line) ?? [];
    if (key === undefined) {
      if (NOTHING.test(line)) continue;
      return undefined;
    }
    const outer = spaces.length;
    const column = outer + (dash?.length ?? 0);
    let map: unknown;
    if (dash !== undefined) {
      let list: unknown;
      if (pending && outer >= pending.column) {
        list = push({ kind: "list", column: outer, node: [] });
        pending.map[pending.key] = list;
      } else list = back("list", outer);
      if (!Array.isArray(list)) return undefined;
      map = push({ kind: "map", column, node: {} });
      list.push(map);
    } else if (pending && column > pending.column) {
      map = push({ kind: "map", column, node: {} });
      pending.map[pending.key] = map;
    } else map = back("map", column);
    if (!isMapping(map) || key === "__proto__" || Object.hasOwn(map, key)) return undefined;
    if (value !== undefined && NO_TEXT.test(value)) return undefined;
    map[key] = value ?? null;
    pending = value === undefined ? { map, key, column } : undefined;
  }
  return Object.keys(root).length > 0 ? root : undefined;
}

function isMapping(value: unknown): value is Mapping {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
