import type { KeyBackend } from "../backends/key-backend";
import type { Tracked } from "../git/work-tree";
import { CheckoutReader } from "./checkout-reader";
import { type DiffSize, type FileChange, NO_DIFF, withChange } from "./file-change";
import { NewKeys } from "./new-keys";
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
  ) {
    this.fresh = new NewKeys(root, plan, backends);
  }

  static async of(
    root: string,
    tracked: Tracked,
    backends: readonly KeyBackend[],
    progress: Progress,
  ): Promise<RewrapWork> {
    return new RewrapWork(root, await RewrapPlan.make(root, tracked, backends), backends, progress);
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
    return [...this.plan.unsupported]
      .filter(([kind]) => kind !== "age" && kind !== "pgp")
      .map(
        ([kind, files]) => `${count(files, "file")} also with ${kind} keys, which sopsloop cannot rewrap yet`,
      );
  }

  expected(): DiffSize {
    const reader = new CheckoutReader(this.root);
    let size = NO_DIFF;
    for (const { path, stale, file } of this.plan.stale) {
      const before = file ?? reader.read(path)?.file;
      if (!before) continue;
      const changes = stale.flatMap(({ index }) => {
        const recipient = before.recipients[index];
        if (!recipient) return [];
        const wrapped = recipient.wrapped.replace(
          /^vault:v\d+:/,
          `vault:v${this.plan.currentOf(recipient.key)}:`,
        );
        return [{ recipient, wrapped }];
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
