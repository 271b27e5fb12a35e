import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Skip } from "../probe";

const NAMES = ["kustomization.yaml", "kustomization.yml", "Kustomization"];

/** `resources:` in block style, up to its first entry. */
const FIRST_ENTRY = /^resources:[ \t]*(?:#.*)?\r?\n(?:[ \t]*(?:#.*)?\r?\n)*(?=([ \t]*)- )/m;

/** Has a file applied in a folder where kustomize applies only what is listed. Nothing else of the list changes by a byte. */
export function list(folder: string, file: string): void {
  const path = listOf(folder);
  if (path === undefined) return;
  const text = readFileSync(path, "utf8");
  const found = FIRST_ENTRY.exec(text);
  if (!found)
    throw new Skip(
      `${path.slice(folder.length + 1)} lists no resources one a line; a test secret cannot be added to it`,
    );
  const [before, indent = ""] = found;
  const at = found.index + before.length;
  writeFileSync(path, `${text.slice(0, at)}${indent}- ${file}\n${text.slice(at)}`);
}

/** Takes it out again, whatever else has changed meanwhile. */
export function unlist(folder: string, file: string): void {
  const path = listOf(folder);
  if (path === undefined) return;
  const text = readFileSync(path, "utf8");
  const kept = text.split("\n").filter((line) => line.trim() !== `- ${file}`);
  writeFileSync(path, kept.join("\n"));
}

function listOf(folder: string): string | undefined {
  try {
    const name = readdirSync(folder).find((each) => NAMES.includes(each));
    return name === undefined ? undefined : join(folder, name);
  } catch {
    // No such folder yet.
    return undefined;
  }
}
