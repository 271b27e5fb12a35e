import { CliError } from "../../errors/cli-error";
import type { Copies, Leaf } from "../leaf";

/**
 * The top-level `sops` of a JSON file. Undefined for a file without it. @throws CliError for one that is cut short.
 *
 * @param path for errors
 */
export function jsonMetadata(path: string, content: string): Copies | undefined {
  const metadata = metadataOf(path, content);
  if (!metadata) return undefined;
  // Other objects may have such a key too, and values such a text: it is the one that reads the same as the parser's.
  for (let at = content.lastIndexOf('"sops"'); at >= 0; at = content.lastIndexOf('"sops"', at - 1)) {
    const leaves = new JsonScanner(content, at + '"sops"'.length).metadata();
    if (leaves && isSame(leaves, metadata)) return [leaves];
    if (at === 0) break;
  }
  throw new CliError(
    `${path}: its "sops" is written in a way that cannot be located; have sops write the file anew`,
  );
}

function metadataOf(path: string, content: string): object | undefined {
  let parsed: unknown;
  try {
    parsed = JSON.parse(content.replace(/^\xef\xbb\xbf/, ""));
  } catch {
    if (!content.includes("ENC[AES256_GCM,data:")) return undefined;
    throw new CliError(`${path}: is not JSON any more, cut short or merged badly; restore it from git`);
  }
  const metadata: unknown =
    typeof parsed === "object" && parsed !== null ? Reflect.get(parsed, "sops") : undefined;
  return typeof metadata === "object" && metadata !== null && !Array.isArray(metadata) ? metadata : undefined;
}

function isSame(leaves: readonly Leaf[], metadata: object): boolean {
  const flat = flatten(metadata, "");
  return (
    flat.length === leaves.length &&
    flat.every(([path, value], at) => leaves[at]?.path === path && leaves[at].value === value)
  );
}

function flatten(value: unknown, path: string): [string, string][] {
  if (typeof value !== "object" || value === null) return value === null ? [] : [[path, String(value)]];
  return Object.entries(value).flatMap(([key, inner]) =>
    flatten(inner, path === "" ? key : `${path}.${key}`),
  );
}

const STRING = /"(?:[^"\\]|\\.)*"/y;
const BARE = /[^\s,\]}]+/y;

/** Walks one value of a JSON text that is known to be valid. */
class JsonScanner {
  private readonly leaves: Leaf[] = [];

  constructor(
    private readonly content: string,
    private at: number,
  ) {}

  /** The object behind a key's colon; undefined where what follows is no such thing. */
  metadata(): Leaf[] | undefined {
    if (this.next() !== ":") return undefined;
    this.at++;
    if (this.next() !== "{") return undefined;
    return this.value("") ? this.leaves : undefined;
  }

  private value(path: string): boolean {
    const first = this.next();
    if (first === "{") return this.members(path, "}", () => this.key());
    if (first === "[") return this.members(path, "]", (count) => String(count));
    const start = this.at;
    const text = this.match(first === '"' ? STRING : BARE);
    if (text === undefined) return false;
    if (text === "null") return true;
    const value = first === '"' ? String(JSON.parse(text)) : text;
    this.leaves.push({ path, value, span: { start, end: this.at }, source: JSON.stringify });
    return true;
  }

  private members(path: string, close: string, nameOf: (count: number) => string | undefined): boolean {
    this.at++;
    for (let count = 0; this.next() !== close; count++) {
      if (count > 0) {
        if (this.next() !== ",") return false;
        this.at++;
      }
      const name = nameOf(count);
      if (name === undefined || !this.value(path === "" ? name : `${path}.${name}`)) return false;
    }
    this.at++;
    return true;
  }

  private key(): string | undefined {
    this.next();
    const text = this.match(STRING);
    if (text === undefined || this.next() !== ":") return undefined;
    this.at++;
    return String(JSON.parse(text));
  }

  private next(): string | undefined {
    while (/\s/.test(this.content[this.at] ?? "x")) this.at++;
    return this.content[this.at];
  }

  private match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.at;
    const text = pattern.exec(this.content)?.[0];
    this.at += text?.length ?? 0;
    return text;
  }
}
