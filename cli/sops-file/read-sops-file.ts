import { extname } from "node:path";
import { CliError } from "../errors/cli-error";
import { dotenvMetadata, iniMetadata } from "./formats/flat";
import { jsonMetadata } from "./formats/json";
import { unexpectedYamlMetadata, yamlMetadata } from "./formats/yaml";
import type { Copies, Leaf } from "./leaf";
import { type Metadata, metadataOf } from "./metadata";
import { ParsedSopsFile } from "./parsed-sops-file";
import type { SopsFile, SopsFormat } from "./sops-file";

const CONFLICT = /^(?:<{7}|>{7})(?: |$)/m;

/**
 * A file that sops encrypted, read offline. Undefined for any other file.
 *
 * @param path for its extension, and for errors
 * @param content one character a byte (latin1)
 * @throws CliError with path and line for a sops file that is torn: cut short, or merged by git as if it were text
 */
export function readSopsFile(path: string, content: string): SopsFile | undefined {
  if (!content.includes("sops")) return undefined;
  const conflict = CONFLICT.exec(content);
  if (conflict && content.includes("ENC[AES256_GCM,data:"))
    throw new CliError(
      `${path}:${lineAt(content, conflict.index)}: holds marks of a merge conflict; restore one side from git, then run this again`,
    );
  const where = (leaf: Leaf | undefined) => (leaf ? `${path}:${lineAt(content, leaf.span.start)}` : path);
  for (const [format, reader] of readersOf(path, content)) {
    const copies = (reader(path, content) ?? []).flatMap((leaves) => metadataOf(leaves, where) ?? []);
    const [first, ...others] = copies;
    if (!first) continue;
    for (const [index, copy] of others.entries())
      if (!isSame(first, copy))
        throw new CliError(
          `${where(copy.placed[0]?.enc)}: document ${index + 2} names other data keys than the first: merged badly; restore it from git`,
        );
    return new ParsedSopsFile(format, content, [first, ...others]);
  }
  return undefined;
}

type Reader = (path: string, content: string) => Copies | undefined;

/** By content, since sops can be told any format for any name; the name decides where the content would allow two. */
function readersOf(path: string, content: string): readonly (readonly [SopsFormat, Reader])[] {
  const extension = extname(path).toLowerCase();
  if (/^(?:\xef\xbb\xbf)?\s*\{/.test(content)) return [[jsonFormat(extension, content), jsonMetadata]];
  const dotenv = ["dotenv", (_: string, text: string) => dotenvMetadata(text)] as const;
  const ini = ["ini", (_: string, text: string) => iniMetadata(text)] as const;
  if (extension === ".yaml" || extension === ".yml") return [["yaml", yamlMetadata], dotenv, ini];
  const yaml = ["yaml", unexpectedYamlMetadata] as const;
  return extension === ".ini" ? [ini, dotenv, yaml] : [dotenv, ini, yaml];
}

const BINARY = /^(?:\xef\xbb\xbf)?\s*\{\s*"data"\s*:\s*"[^"]*"\s*,\s*"sops"\s*:/;

/** sops keeps a file of no format it knows as JSON with one value, `data`. */
function jsonFormat(extension: string, content: string): SopsFormat {
  if (extension === ".yaml" || extension === ".yml") return "yaml";
  return extension !== ".json" && BINARY.test(content) ? "binary" : "json";
}

function isSame(one: Metadata, other: Metadata): boolean {
  if (one.placed.length !== other.placed.length) return false;
  return one.placed.every(({ recipient }, at) => {
    const twin = other.placed[at]?.recipient;
    return (
      twin?.key === recipient.key && twin.group === recipient.group && twin.wrapped === recipient.wrapped
    );
  });
}

function lineAt(content: string, offset: number): number {
  let line = 1;
  for (let at = content.indexOf("\n"); at >= 0 && at < offset; at = content.indexOf("\n", at + 1)) line++;
  return line;
}
