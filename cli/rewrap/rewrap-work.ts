import type { KeyBackend } from "../backends/key-backend";
import type { Tracked } from "../git/work-tree";
import type { RecipientKind } from "../sops-file/recipient";
import { CheckoutReader } from "./checkout-reader";
import { type DiffSize, type FileChange, NO_DIFF, withChange } from "./file-change";
import { NewKeys } from "./new-keys";
import type { Pins } from "./pins";
import { type Failure, RewrapPlan } from "./plan";
import type { Progress } from "./progress";
import type { Work } from "./work";

/** Moves the data keys of stale files to the current version of their keys, and changes nothing else. */
export class RewrapWork implements Work {
  private readonly fresh: NewKeys;

  private constructor(
    private readonly root: string,
    private readonly plan: RewrapPlan,
    backends: readonly KeyBackend[],
    private readonly progress: Progress,
    /** Of every backend that there is, also of those that are not to be asked. */
    private readonly known: readonly RecipientKind[],
  ) {
    this.fresh = new NewKeys(root, plan, backends);
  }

  static async of(
    root: string,
    tracked: Tracked,
    backends: readonly KeyBackend[],
    progress: Progress,
    { pins, known }: { readonly pins: Pins; readonly known: readonly RecipientKind[] },
  ): Promise<RewrapWork> {
    const plan = await RewrapPlan.make(root, tracked, backends, pins);
    return new RewrapWork(root, plan, backends, progress, known);
  }

  get files(): number {
    return this.plan.files;
  }

  get keys() {
    return this.plan.keys;
  }

  get failures(): readonly Failure[] {
    return [...this.plan.failures, ...this.fresh.failures];
  }

  get paths(): readonly string[] {
    return this.plan.stale.map(({ path }) => path);
  }

  get notes(): readonly string[] {
    const others = [...this.plan.unsupported].filter(([kind]) => kind !== "age" && kind !== "pgp");
    return [
      ...others.map(([kind, files]) => {
        const why = this.known.includes(kind) ? "--only leaves alone" : "sopsloop cannot rewrap yet";
        return `${count(files, "file")} also with ${kind} keys, which ${why}`;
      }),
      ...[...this.plan.pinned].map(
        ([what, files]) =>
          `${what}, so that ${count(files, "file")} cannot follow the key; take the version out of the rule`,
      ),
    ];
  }

  expected(): DiffSize {
    const reader = new CheckoutReader(this.root);
    let size = NO_DIFF;
    for (const { path, stale, file } of this.plan.stale) {
      const before = file ?? reader.read(path)?.file;
      if (!before) continue;
      const changes = stale.flatMap(({ index }) => {
        const recipient = before.recipients[index];
        return recipient ? [{ recipient, ...this.plan.expected(recipient) }] : [];
      });
      size = withChange(size, before.content, before.rewrapped(changes));
    }
    return size;
  }

  async ask(): Promise<void> {
    const total = this.plan.stale.reduce((sum, { stale }) => sum + stale.length, 0);
    await this.progress.start(`Rewrapping ${count(total, "data key")}`, total);
    await this.fresh.ask(this.progress.advance);
  }

  changes(): Iterable<FileChange> {
    return this.fresh.changes();
  }

  message(): string {
    const lines = this.keys.map(({ key, to, files }) => `- ${key}: version ${to} (${count(files, "file")})`);
    return [
      `Rewrap ${count(this.paths.length, "file")} for the current key version`,
      "",
      "Only the wrapped data keys change; no value does.",
      "",
      ...lines,
    ].join("\n");
  }

  close(): void {
    this.progress.end();
  }
}

/** `1 file`, `2 files`. */
export function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? "" : "s"}`;
}
