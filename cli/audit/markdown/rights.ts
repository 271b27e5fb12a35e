import { code } from "../../preview-comment/markdown/escape";
import { RIGHTS } from "../report-schema";

const KNOWN: ReadonlySet<string> = new Set(RIGHTS);

/** Rights as one reads them. Those that this program does not know come from a file, and stand in code. */
export function rightWords(rights: readonly string[]): string[] {
  return rights.map((right) =>
    right === "decrypt" ? "**decrypt**" : KNOWN.has(right) ? right : code(right),
  );
}
