import { isAlias, isMap, isScalar, isSeq, type Node, parseAllDocuments, Scalar } from "yaml";
import { CliError } from "../../errors/cli-error";
import { asIs, type Copies, type Leaf } from "../leaf";
import { inSingleQuotes } from "./yaml-block";

/** The same as the quick reader, for any layout that YAML allows. */
export function yamlLibraryMetadata(path: string, content: string): Copies | undefined {
  const copies: Leaf[][] = [];
  for (const document of parseAllDocuments(content, { logLevel: "silent", uniqueKeys: false })) {
    const [error] = document.errors;
    if (error) {
      const line = error.linePos?.[0].line ?? 1;
      throw new CliError(`${path}:${line}: is not YAML, cut short or merged badly; restore it from git`);
    }
    const metadata = isMap(document.contents) ? document.contents.get("sops", true) : undefined;
    if (!isMap(metadata)) continue;
    const leaves: Leaf[] = [];
    try {
      collect(metadata, "", content, leaves);
    } catch (error) {
      throw error instanceof CliError ? new CliError(`${path}: ${error.message}`) : error;
    }
    copies.push(leaves);
  }
  return copies.length > 0 ? copies : undefined;
}

function collect(node: unknown, path: string, content: string, leaves: Leaf[]): void {
  const inner = (name: string) => (path === "" ? name : `${path}.${name}`);
  if (isMap(node)) {
    for (const { key, value } of node.items)
      collect(value, inner(isScalar(key) ? String(key.value) : "?"), content, leaves);
  } else if (isSeq(node)) {
    for (const [index, item] of node.items.entries()) collect(item, inner(String(index)), content, leaves);
  } else if (isScalar(node) && node.value !== null && node.value !== "") {
    leaves.push(leafOf(node, path, content));
  } else if (isAlias(node)) {
    throw new CliError(
      `${path} in its "sops" is a YAML alias, which sops never writes; have sops write the file anew`,
    );
  }
}

function leafOf(node: Scalar & Node, path: string, content: string): Leaf {
  const [start, end] = node.range ?? [0, 0];
  const value = typeof node.value === "string" ? node.value : (node.source ?? String(node.value));
  return { path, value, span: { start, end }, source: sourceOf(node, value, content.slice(start, end)) };
}

function sourceOf(node: Scalar, value: string, old: string): Leaf["source"] {
  if (node.type === Scalar.PLAIN) return asIs;
  if (node.type === Scalar.QUOTE_DOUBLE) return JSON.stringify;
  if (node.type === Scalar.QUOTE_SINGLE) return inSingleQuotes;
  return (fresh) => {
    if (old.includes(value.trim())) return old.replace(value.trim(), () => fresh.trim());
    throw new CliError(
      `a wrapped key is folded over several lines, which sops never does; have sops write the file anew`,
    );
  };
}
