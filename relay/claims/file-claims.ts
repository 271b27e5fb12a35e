import { randomUUID } from "node:crypto";
import { link, mkdir, open, readdir, readFile, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import type { ClaimRecord, ClaimStore, StoredClaim } from "./claim-store";

/** Begins names that are no record: a file on its way. */
const UNFINISHED = ".new-";

/**
 * Claims in a folder, for processes of one machine or one volume. Each has a folder of its own with its records in it, numbered: a
 * record is written and synced under another name and then linked to the next number, which the file system lets only one writer do.
 * The highest number counts. Nothing is ever written over, so that a process may be killed anywhere.
 */
export class FileClaims implements ClaimStore {
  constructor(private readonly root: string) {}

  async read(key: string): Promise<StoredClaim | undefined> {
    const folder = this.folderOf(key);
    const number = Math.max(0, ...numbersOf(await namesIn(folder)));
    if (number === 0) return undefined;
    return { record: JSON.parse(await readFile(join(folder, String(number)), "utf8")), tag: String(number) };
  }

  create(key: string, record: ClaimRecord): Promise<string | undefined> {
    return this.replace(key, record, "0");
  }

  async replace(key: string, record: ClaimRecord, tag: string): Promise<string | undefined> {
    const folder = this.folderOf(key);
    const shard = join(folder, "..");
    if ((await mkdir(folder, { recursive: true, mode: 0o700 })) !== undefined)
      for (const above of [shard, this.root]) await sync(above);
    const next = String(Number(tag) + 1);
    const own = join(folder, `${UNFINISHED}${randomUUID()}`);
    try {
      await writeSynced(own, JSON.stringify(record));
      await link(own, join(folder, next));
    } catch (error) {
      if (codeOf(error) === "EEXIST") return undefined;
      throw error;
    } finally {
      await rm(own, { force: true });
    }
    await sync(folder);
    return next;
  }

  async purge(before: number): Promise<number> {
    let purged = 0;
    for (const name of await namesIn(this.root)) {
      const path = join(this.root, name);
      if (name.startsWith(UNFINISHED) && (await stat(path)).mtimeMs < before) await rm(path, { force: true });
      if (!/^[0-9a-f]{2}$/.test(name)) continue;
      for (const key of await namesIn(path)) if (await this.forget(key, before)) purged += 1;
    }
    return purged;
  }

  async check(): Promise<void> {
    await mkdir(this.root, { recursive: true, mode: 0o700 });
    const probe = join(this.root, `${UNFINISHED}${randomUUID()}`);
    try {
      await writeSynced(probe, "");
    } finally {
      await rm(probe, { force: true });
    }
  }

  /** A folder without a record belongs to somebody who was killed, or is about to write one: its age tells. */
  private async forget(key: string, before: number): Promise<boolean> {
    const folder = this.folderOf(key);
    const at = (await this.read(key))?.record.at ?? (await stat(folder)).mtimeMs;
    if (at >= before) return false;
    await rm(folder, { recursive: true, force: true });
    return true;
  }

  private folderOf(key: string): string {
    return join(this.root, key.slice(0, 2), key);
  }
}

/** Durable before anybody can see it. */
async function writeSynced(path: string, text: string): Promise<void> {
  const file = await open(path, "wx", 0o600);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** A name in a folder is durable once the folder is. */
async function sync(folder: string): Promise<void> {
  const opened = await open(folder, "r");
  try {
    await opened.sync();
  } finally {
    await opened.close();
  }
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (codeOf(error) === "ENOENT") return [];
    throw error;
  }
}

function numbersOf(names: readonly string[]): number[] {
  return names.flatMap((name) => (/^\d+$/.test(name) ? [Number(name)] : []));
}

function codeOf(error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException).code;
}
