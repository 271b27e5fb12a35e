import { partsOf } from "../backends/batches";
import type { KeyBackend, RewrapOutcome, Rewrapped } from "../backends/key-backend";
import { CliError } from "../errors/cli-error";
import { readSopsFile } from "../sops-file/read-sops-file";
import type { RewrappedRecipient, SopsFile } from "../sops-file/sops-file";
import { CheckoutReader } from "./checkout-reader";
import type { FileChange } from "./file-change";
import { flawOfRewrap, isPlainSwap } from "./file-check";
import type { Failure, RewrapPlan, StaleFile, StaleRecipient } from "./plan";
import { isUnchanged } from "./snapshot";

/** Recipients asked for between two steps of the progress bar; a backend cuts them into requests. */
const STEP = 1000;

interface Asked extends StaleRecipient {
  readonly path: string;
}

/** Moves the data keys of a plan's stale files, and makes the files' new contents from the answers. */
export class NewKeys {
  readonly failures: Failure[] = [];
  private readonly answers = new Map<string, Map<number, Rewrapped>>();

  constructor(
    private readonly root: string,
    private readonly plan: RewrapPlan,
    private readonly backends: readonly KeyBackend[],
  ) {}

  /** @param advance called with how many recipients are done. @throws CliError where a server cannot be used. */
  async ask(advance: (done: number) => void): Promise<void> {
    const all = this.plan.stale.flatMap(({ path, stale }) => stale.map((each) => ({ path, ...each })));
    for (const backend of this.backends) {
      const mine = all.filter(({ recipient }) => recipient.kind === backend.kind);
      for (const part of partsOf(mine, STEP)) {
        const outcomes = await backend.rewrap(part.map(({ recipient }) => recipient));
        const moved = part.filter((asked, index) => this.note(asked, outcomes[index]));
        await this.compare(backend, moved);
        advance(part.length);
      }
    }
  }

  /** The new contents, one at a time, each checked. @throws CliError naming the file that does not pass. */
  *changes(): Generator<FileChange> {
    const reader = new CheckoutReader(this.root);
    for (const stale of this.plan.stale) {
      const before = this.asItWas(stale, reader);
      const answers = this.answers.get(stale.path);
      const changes = stale.stale.map(({ index }): RewrappedRecipient => {
        const [recipient, answer] = [before.recipients[index], answers?.get(index)];
        if (!recipient || !answer) throw new CliError(`${stale.path}: no new data key came for it`);
        return { recipient, ...answer };
      });
      const content = before.rewrapped(changes);
      const flaw = isPlainSwap(before, changes, content)
        ? undefined
        : flawOfRewrap(before, changes, readSopsFile(stale.path, content));
      if (flaw !== undefined)
        throw new CliError(`${stale.path}: its new content is not right (${flaw}); nothing was changed`);
      yield { path: stale.path, seen: stale.seen, before: before.content, content };
    }
  }

  private note({ path, index }: Asked, outcome: RewrapOutcome | undefined): boolean {
    if (!outcome?.ok) {
      this.failures.push({ path, why: outcome?.why ?? "no answer came for it" });
      return false;
    }
    const answers = this.answers.get(path) ?? new Map<number, Rewrapped>();
    this.answers.set(path, answers);
    answers.set(index, outcome.value);
    return true;
  }

  /** Where the identity may decrypt, both wrapped keys must open to the same data key. */
  private async compare(backend: KeyBackend, moved: readonly Asked[]): Promise<void> {
    const pairs = moved.map(({ path, index, recipient }) => ({
      before: recipient,
      after: this.answers.get(path)?.get(index)?.wrapped ?? "",
    }));
    const same = pairs.length > 0 ? await backend.opensToSame(pairs) : [];
    for (const [position, { path }] of moved.entries())
      if (same[position] === false)
        this.failures.push({ path, why: "its new wrapped key does not open to its data key" });
  }

  private asItWas(stale: StaleFile, reader: CheckoutReader): SopsFile {
    if (stale.file) return stale.file;
    const read = reader.read(stale.path);
    const same = stale.stale.every(({ index, recipient }) => {
      const now = read?.file.recipients[index];
      return now?.wrapped === recipient.wrapped && now.key === recipient.key;
    });
    if (!read || !same || !isUnchanged(`${this.root}/${stale.path}`, stale.seen))
      throw new CliError(`${stale.path}: somebody has written to it meanwhile; run this again`);
    return read.file;
  }
}
