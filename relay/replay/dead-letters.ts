import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { isObject, type JsonObject } from "../events/record";

/** An event that Event Grid has given up, as it lies in a blob: the event with words about its deliveries beside its own. */
export interface DeadLetter {
  /** The file and, where it holds several, the number in it. */
  readonly where: string;
  readonly event: JsonObject;
  /** Why it was given up, in Event Grid's words; empty where it does not say. */
  readonly reason: string;
}

/** A file that holds no dead letters: what is wrong with it. */
export interface Unreadable {
  readonly where: string;
  readonly why: string;
}

/** Dead letters of files and folders, in the order of their names: blobs lie in a folder an hour. @throws the system's error. */
export function deadLetters(paths: readonly string[]): readonly (DeadLetter | Unreadable)[] {
  return paths.flatMap(filesOf).flatMap(lettersIn);
}

function filesOf(path: string): string[] {
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".json"))
    .sort()
    .map((name) => join(path, name));
}

function lettersIn(file: string): (DeadLetter | Unreadable)[] {
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(file, "utf8").replace(/^\uFEFF/, ""));
  } catch {
    return [{ where: file, why: "is not JSON" }];
  }
  const all = Array.isArray(content) ? content : [content];
  return all.map((event, index) => {
    const where = all.length > 1 ? `${file} (${index + 1})` : file;
    if (!isObject(event)) return { where, why: "holds something that is no event" };
    const { deadLetterReason, deadletterreason } = event;
    const reason = deadLetterReason ?? deadletterreason;
    return { where, event, reason: typeof reason === "string" ? reason : "" };
  });
}
