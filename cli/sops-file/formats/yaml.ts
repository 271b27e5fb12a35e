import type { Copies, Leaf } from "../leaf";
import { YamlBlock } from "./yaml-block";
import { yamlLibraryMetadata } from "./yaml-library";

/** In every file of sops, whatever its layout; what lacks one of them need not be parsed as a whole. */
const MARKS = ["sops", "mac", "lastmodified", "ENC[AES256_GCM,data:"] as const;

/** The top-level `sops` of each document. Undefined for a file without it. @throws CliError for one that is no YAML. */
export function yamlMetadata(path: string, content: string): Copies | undefined {
  const copies: Leaf[][] = [];
  let isFamiliar = true;
  for (const at of topLevelBlocks(content)) {
    const leaves = new YamlBlock(content, at).read();
    if (leaves) copies.push(leaves);
    else isFamiliar = false;
  }
  if (isFamiliar && copies.length > 0) return copies;
  return MARKS.every((mark) => content.includes(mark)) ? yamlLibraryMetadata(path, content) : undefined;
}

/** The same for a file whose name does not say that it is YAML: a manual may well quote an encrypted file, and is none. */
export function unexpectedYamlMetadata(path: string, content: string): Copies | undefined {
  if (!MARKS.every((mark) => content.includes(mark))) return undefined;
  try {
    return yamlLibraryMetadata(path, content);
  } catch {
    return undefined;
  }
}

/** Offsets behind each line that is `sops:` and nothing more. */
function* topLevelBlocks(content: string): Generator<number> {
  const pattern = /^(?:\xef\xbb\xbf)?sops:[ \t]*\r?\n/gm;
  // Most files have one, at their very end.
  pattern.lastIndex =
    content.startsWith("sops:") || content.startsWith("\xef\xbb\xbfsops:")
      ? 0
      : Math.max(content.indexOf("\nsops:"), 0);
  for (let found = pattern.exec(content); found; found = pattern.exec(content)) yield pattern.lastIndex;
}
