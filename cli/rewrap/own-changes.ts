import { readFileSync } from "node:fs";
import { join } from "node:path";
import { isVersion, isWrapped } from "../backends/azure/azure-key";
import type { WorkTree } from "../git/work-tree";
import { readSopsFile } from "../sops-file/read-sops-file";
import type { Recipient } from "../sops-file/recipient";
import type { RewrappedRecipient } from "../sops-file/sops-file";
import { flawOfRewrap } from "./file-check";

/** As a rewrap writes `created_at`. */
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/;

interface RawChange {
  readonly path: string;
  readonly before: string;
  /** Object id; zeros for what lies on the disk only. */
  readonly after: string;
  readonly status: string;
  readonly sameMode: boolean;
}

/**
 * Tells changes that a rewrap made, here or in a run that was killed, from everything else: they can be undone without losing
 * anything, since they can be made again.
 */
export class OwnChanges {
  /** @param only the one kind of key that is moved: what moved others would not be made again. */
  constructor(
    private readonly tree: WorkTree,
    private readonly only?: string,
  ) {}

  /** Of the files that differ from the last commit on disk: those that differ by nothing but newer wrapped keys. */
  async onDisk(): Promise<readonly string[]> {
    const raw = await this.raw(["diff-index", "--raw", "-z", "--no-abbrev", "--no-renames", "HEAD"]);
    const blobs = await this.blobs(raw.map(({ before }) => before));
    return raw
      .filter((change) => isPlain(change) && this.isRewrap(change, blobs, onDisk(this.tree, change.path)))
      .map(({ path }) => path);
  }

  /** Whether a commit has one parent and is nothing but a rewrap. */
  async isRewrapCommit(id: string): Promise<boolean> {
    const parents = await this.tree.git.text(["rev-list", "--parents", "-n", "1", id]);
    if (parents.split(" ").length !== 2) return false;
    const words = ["diff-tree", "-r", "--raw", "-z", "--no-abbrev", "--no-renames", "--no-commit-id", id];
    const raw = await this.raw(words);
    if (raw.length === 0 || !raw.every(isPlain)) return false;
    const blobs = await this.blobs(raw.flatMap(({ before, after }) => [before, after]));
    return raw.every((change) => this.isRewrap(change, blobs, blobs.get(change.after)));
  }

  /** Puts files back as the last commit has them. */
  async restore(paths: readonly string[]): Promise<void> {
    if (paths.length === 0) return;
    const words = ["checkout", "--quiet", "HEAD", "--pathspec-from-file=-", "--pathspec-file-nul"];
    await this.tree.git.run(words, paths.join("\0"));
  }

  private isRewrap(
    { path, before }: RawChange,
    blobs: ReadonlyMap<string, string>,
    after: string | undefined,
  ): boolean {
    const old = blobs.get(before);
    return old !== undefined && after !== undefined && isRewrap(path, old, after, this.only);
  }

  private async raw(words: readonly string[]): Promise<readonly RawChange[]> {
    const parts = (await this.tree.git.run(words)).toString("utf8").split("\0");
    const changes: RawChange[] = [];
    for (let at = 0; at + 1 < parts.length; at += 2) {
      const [oldMode, newMode, before = "", after = "", status = ""] = (parts[at] ?? "").slice(1).split(" ");
      changes.push({ path: parts[at + 1] ?? "", before, after, status, sameMode: oldMode === newMode });
    }
    return changes;
  }

  /** Contents by object id, one character a byte. */
  private async blobs(ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
    const asked = [...new Set(ids.filter((id) => !/^0+$/.test(id)))];
    const blobs = new Map<string, string>();
    if (asked.length === 0) return blobs;
    const bytes = await this.tree.git.run(["cat-file", "--batch"], `${asked.join("\n")}\n`);
    for (let at = 0; at < bytes.length; ) {
      const end = bytes.indexOf("\n", at);
      const [id = "", kind, size] = bytes.toString("latin1", at, end).split(" ");
      const length = kind === "missing" ? -1 : Number(size);
      if (kind === "blob") blobs.set(id, bytes.toString("latin1", end + 1, end + 1 + length));
      at = end + 1 + length + 1;
    }
    return blobs;
  }
}

/**
 * Whether a file is what a rewrap makes of it: newer wrapped keys of Vault's and Azure's, and not another byte.
 *
 * @param only the one kind of key that may have moved; else both may.
 */
export function isRewrap(path: string, before: string, after: string, only?: string): boolean {
  try {
    const [old, fresh] = [readSopsFile(path, before), readSopsFile(path, after)];
    if (!old || !fresh) return false;
    const moved = old.recipients.flatMap((recipient, index): [Recipient, Recipient][] => {
      const now = fresh.recipients[index];
      return now && now.wrapped !== recipient.wrapped ? [[recipient, now]] : [];
    });
    if (moved.length === 0 || !moved.every(([one, now]) => isNewer(one, now, only))) return false;
    const changes = moved.map(([recipient, now]) => changeOf(recipient, now));
    // The way that a rewrap writes; the check alone would not see a version that only one document of several has.
    return old.rewrapped(changes) === after && flawOfRewrap(old, changes, fresh) === undefined;
  } catch {
    return false;
  }
}

/** Versions of Azure have no order, so there the time must do. */
function isNewer(old: Recipient, now: Recipient, only: string | undefined): boolean {
  if (only !== undefined && old.kind !== only) return false;
  if (old.kind === "hc_vault") return Number(now.version) > Number(old.version);
  if (old.kind !== "azure_kv" || now.version === old.version) return false;
  if (![old, now].every(({ version, wrapped }) => isVersion(version) && isWrapped(wrapped))) return false;
  const [then, since = ""] = [old.fields.created_at, now.fields.created_at];
  return then === undefined || (TIME.test(since) && Date.parse(since) >= Date.parse(then));
}

function changeOf(recipient: Recipient, { wrapped, version, fields }: Recipient): RewrappedRecipient {
  if (recipient.kind !== "azure_kv") return { recipient, wrapped };
  const createdAt = fields.created_at;
  return {
    recipient,
    wrapped,
    ...(version !== undefined && { version }),
    ...(createdAt !== undefined && { createdAt }),
  };
}

function isPlain({ status, sameMode }: RawChange): boolean {
  return status === "M" && sameMode;
}

function onDisk(tree: WorkTree, path: string): string | undefined {
  try {
    return readFileSync(join(tree.root, path), "latin1");
  } catch {
    return undefined;
  }
}
