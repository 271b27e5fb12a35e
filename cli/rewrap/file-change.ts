import type { Snapshot } from "./snapshot";

/** A file and what it shall hold instead. One character a byte. */
export interface FileChange {
  readonly path: string;
  readonly seen: Snapshot;
  readonly before: string;
  readonly content: string;
}

/** How large a change is: files, lines that differ, and the bytes of these lines as they will be. */
export interface DiffSize {
  readonly files: number;
  readonly lines: number;
  readonly bytes: number;
}

export const NO_DIFF: DiffSize = { files: 0, lines: 0, bytes: 0 };

/** Adds one file's change. Lines are counted from the one with the first byte that differs to the one with the last. */
export function withChange(size: DiffSize, before: string, after: string): DiffSize {
  const shorter = Math.min(before.length, after.length);
  let start = 0;
  while (start < shorter && before.charCodeAt(start) === after.charCodeAt(start)) start++;
  let tail = 0;
  while (
    tail < shorter - start &&
    before.charCodeAt(before.length - 1 - tail) === after.charCodeAt(after.length - 1 - tail)
  )
    tail++;
  const fresh = linesAround(after, start, after.length - tail);
  const old = linesAround(before, start, before.length - tail);
  const changed = old.length === fresh.length ? fresh.filter((line, index) => line !== old[index]) : fresh;
  const bytes = changed.reduce((sum, line) => sum + line.length + 1, 0);
  return { files: size.files + 1, lines: size.lines + changed.length, bytes: size.bytes + bytes };
}

function linesAround(text: string, start: number, end: number): string[] {
  const from = start === 0 ? 0 : text.lastIndexOf("\n", start - 1) + 1;
  const to = text.indexOf("\n", end);
  return text.slice(from, to === -1 ? text.length : to).split("\n");
}
