import { lstatSync, type Stats } from "node:fs";

/** What a file was when it was read: enough to see whether somebody has written to it since, and to write it anew as it was. */
export interface Snapshot {
  readonly device: number;
  readonly inode: number;
  readonly size: number;
  readonly modified: number;
  /** Permission bits. */
  readonly mode: number;
  readonly owner: number;
  readonly group: number;
}

export function snapshotOf(stats: Stats): Snapshot {
  return {
    device: stats.dev,
    inode: stats.ino,
    size: stats.size,
    modified: stats.mtimeMs,
    mode: stats.mode & 0o7777,
    owner: stats.uid,
    group: stats.gid,
  };
}

/** Whether the file is still the one that was read. */
export function isUnchanged(path: string, seen: Snapshot): boolean {
  const now = lstatSync(path, { throwIfNoEntry: false });
  if (!now?.isFile()) return false;
  const { device, inode, size, modified } = snapshotOf(now);
  return device === seen.device && inode === seen.inode && size === seen.size && modified === seen.modified;
}
