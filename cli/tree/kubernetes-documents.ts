import { LineCounter, parseAllDocuments } from "yaml";

export type Mapping = Readonly<Record<string, unknown>>;

/** One object of a YAML or JSON file. */
export interface FileDocument {
  /** Where it begins, from 1. */
  readonly line: number;
  readonly value: Mapping;
}

/**
 * The mappings of a file, the items of Kubernetes lists each on their own. Undefined where the text is not YAML: a template,
 * or a file that was cut short.
 */
export function documentsOf(text: string): FileDocument[] | undefined {
  const lines = new LineCounter();
  const found: FileDocument[] = [];
  for (const document of parseAllDocuments(text, { lineCounter: lines, merge: true, logLevel: "silent" })) {
    if (!("contents" in document)) return found;
    if (document.errors.length > 0) return undefined;
    let value: unknown;
    try {
      value = document.toJS();
    } catch {
      // Aliases without an anchor, or more of them than anybody writes.
      return undefined;
    }
    const line = lines.linePos(document.contents?.range?.[0] ?? 0).line;
    found.push(...itemsOf(value, line));
  }
  return found;
}

function itemsOf(value: unknown, line: number): FileDocument[] {
  if (!isMapping(value)) return [];
  const isList = typeof value.kind === "string" && value.kind.endsWith("List") && Array.isArray(value.items);
  if (isList) return (value.items as unknown[]).flatMap((item) => itemsOf(item, line));
  return [{ line, value }];
}

export function isMapping(value: unknown): value is Mapping {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A text field of a mapping; undefined for anything else. */
export function textOf(value: unknown, ...path: readonly string[]): string | undefined {
  const found = path.reduce<unknown>((inner, name) => (isMapping(inner) ? inner[name] : undefined), value);
  return typeof found === "string" ? found : undefined;
}

/** Whether it is a Kubernetes object, or kustomize's own file, whose kind may be left out. */
export function isManifest({ value }: FileDocument): boolean {
  return textOf(value, "apiVersion") !== undefined && textOf(value, "kind") !== undefined;
}
