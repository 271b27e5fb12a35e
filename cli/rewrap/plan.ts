import { compareVersions } from "../backends/compare-versions";
import type { KeyBackend, KeyState, Rewrapped } from "../backends/key-backend";
import { CliError } from "../errors/cli-error";
import type { Tracked } from "../git/work-tree";
import type { Recipient, RecipientKind } from "../sops-file/recipient";
import type { SopsFile } from "../sops-file/sops-file";
import { CheckoutReader, type ReadFile } from "./checkout-reader";
import type { Pins } from "./pins";
import type { Snapshot } from "./snapshot";

/** A file that cannot be rewrapped, and why. */
export interface Failure {
  readonly path: string;
  readonly why: string;
}

/** A recipient that an older version of its key has wrapped. */
export interface StaleRecipient {
  /** Position among the recipients of its file. */
  readonly index: number;
  readonly recipient: Recipient;
}

export interface StaleFile {
  readonly path: string;
  readonly seen: Snapshot;
  readonly stale: readonly StaleRecipient[];
  /** As it was read, while memory for it lasts. */
  readonly file?: SopsFile;
}

/** One key that has moved on, and which versions of it the files still have. */
export interface StaleKey {
  readonly kind: RecipientKind;
  readonly key: string;
  readonly from: readonly string[];
  readonly to: string;
  readonly files: number;
}

/** Files that are read before their keys are asked about. */
const CHUNK = 500;
/** Bytes of content kept between reading and writing; files beyond it are read a second time. */
const KEPT = 24 * 1024 * 1024;

/** What there is to rewrap: which files, which of their recipients. Reads, and asks for versions, but changes nothing. */
export class RewrapPlan {
  /** sops files that were looked at. */
  files = 0;
  readonly stale: StaleFile[] = [];
  readonly failures: Failure[] = [];
  /** Files with keys of a kind that no backend is there for. */
  readonly unsupported = new Map<RecipientKind, number>();
  /** Files that a rule keeps at an older version, by the rule's place and what it pins. */
  readonly pinned = new Map<string, number>();
  private readonly states = new Map<string, KeyState | string>();
  private kept = 0;

  private constructor(
    private readonly backends: readonly KeyBackend[],
    private readonly pins: Pins,
  ) {}

  static async make(
    root: string,
    tracked: Tracked,
    backends: readonly KeyBackend[],
    pins: Pins,
  ): Promise<RewrapPlan> {
    const plan = new RewrapPlan(backends, pins);
    const reader = new CheckoutReader(root);
    for (const path of tracked.links) plan.attempt(path, () => reader.readLink(path));
    let chunk: { path: string; read: ReadFile }[] = [];
    for (const path of tracked.files) {
      const read = plan.attempt(path, () => reader.read(path));
      if (read) chunk.push({ path, read });
      if (chunk.length === CHUNK) {
        await plan.sort(chunk);
        chunk = [];
      }
    }
    await plan.sort(chunk);
    return plan;
  }

  /** By key, in the order in which the tree names them. */
  get keys(): readonly StaleKey[] {
    const keys = new Map<string, { kind: RecipientKind; from: Set<string>; files: Set<string> }>();
    for (const { path, stale } of this.stale)
      for (const { recipient } of stale) {
        const entry = keys.get(recipient.key) ?? { kind: recipient.kind, from: new Set(), files: new Set() };
        keys.set(recipient.key, entry);
        entry.from.add(recipient.version ?? "?");
        entry.files.add(path);
      }
    return [...keys].map(([key, { kind, from, files }]) => ({
      kind,
      key,
      from: [...from].sort(compareVersions),
      to: this.currentOf(key),
      files: files.size,
    }));
  }

  /** What is known beforehand of what a stale recipient becomes. */
  expected(recipient: Recipient): Rewrapped {
    const state = this.states.get(recipient.key);
    const backend = this.backends.find(({ kind }) => kind === recipient.kind);
    if (!backend || typeof state !== "object") throw new Error(`${recipient.key}: not of a stale file`);
    return backend.expected(recipient, state);
  }

  private currentOf(key: string): string {
    const state = this.states.get(key);
    return typeof state === "object" ? state.current : "?";
  }

  private attempt<T>(path: string, read: () => T): T | undefined {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof CliError)) throw error;
      this.fail(path, error.message);
      return undefined;
    }
  }

  private fail(path: string, why: string): void {
    this.failures.push({ path, why: why.startsWith(`${path}: `) ? why.slice(path.length + 2) : why });
  }

  private async sort(chunk: readonly { path: string; read: ReadFile }[]): Promise<void> {
    await this.ask(chunk.flatMap(({ read }) => read.file.recipients));
    for (const { path, read } of chunk) {
      this.files++;
      this.countUnsupported(read.file);
      const stale: StaleRecipient[] = [];
      for (const [index, recipient] of read.file.recipients.entries()) {
        const behind = this.behind(recipient);
        if (typeof behind === "string") this.fail(path, behind);
        else if (behind > 0 && !(await this.isPinned(path, recipient))) stale.push({ index, recipient });
      }
      if (stale.length > 0) this.stale.push(this.keep(path, read, stale));
    }
  }

  private async ask(recipients: readonly Recipient[]): Promise<void> {
    for (const backend of this.backends) {
      const unknown = recipients.filter(({ kind, key }) => kind === backend.kind && !this.states.has(key));
      if (unknown.length === 0) continue;
      for (const [key, state] of await backend.currentVersions(unknown)) this.states.set(key, state);
    }
  }

  /** How many versions; a text where that cannot be known. */
  private behind(recipient: Recipient): number | string {
    const backend = this.backends.find(({ kind }) => kind === recipient.kind);
    if (!backend) return 0;
    const state = this.states.get(recipient.key) ?? `nothing is known of ${recipient.key}`;
    if (typeof state === "string") return state;
    if (recipient.version === undefined)
      return `does not say which version of ${recipient.key} wrapped its data key; restore the file from git`;
    const behind = backend.versionsBehind(recipient, state);
    if (behind > 0 && state.unfit !== undefined)
      return `version ${state.current} of ${recipient.key} ${state.unfit}; rotate the key first`;
    if (behind >= 0) return behind;
    return `says version ${recipient.version} of ${recipient.key}, which is at ${state.current}: is it another key of that name?`;
  }

  /** sops itself would take the file back to the version that its rule names. */
  private async isPinned(path: string, recipient: Recipient): Promise<boolean> {
    const pin = await this.pins.of(path, recipient);
    if (pin === undefined || pin.version === this.currentOf(recipient.key)) return false;
    const what = `${pin.where} pins version ${pin.version} of ${recipient.key}`;
    this.pinned.set(what, (this.pinned.get(what) ?? 0) + 1);
    return true;
  }

  private keep(path: string, { file, seen }: ReadFile, stale: readonly StaleRecipient[]): StaleFile {
    this.kept += file.content.length;
    if (this.kept <= KEPT) return { path, seen, stale, file };
    // A part of a text keeps the whole text in memory, hence the copy.
    const copies = stale.map(({ index, recipient }) => ({ index, recipient: copyOf(recipient) }));
    return { path, seen, stale: copies };
  }

  private countUnsupported(file: SopsFile): void {
    const known = new Set(this.backends.map(({ kind }) => kind));
    const kinds = new Set(file.recipients.map(({ kind }) => kind).filter((kind) => !known.has(kind)));
    for (const kind of kinds) this.unsupported.set(kind, (this.unsupported.get(kind) ?? 0) + 1);
  }
}

function copyOf(recipient: Recipient): Recipient {
  return JSON.parse(JSON.stringify(recipient));
}
