import { pauseMs, REAL_CLOCK } from "../backends/vault/retries";
import { CliError } from "../errors/cli-error";
import { Upstream } from "../git/upstream";
import type { Tracked, WorkTree } from "../git/work-tree";
import type { Io } from "../io";
import { NO_DIFF } from "./file-change";
import { Interruption } from "./interruption";
import type { Outcome } from "./outcome";
import { OwnChanges } from "./own-changes";
import { Progress } from "./progress";
import { count } from "./rewrap-work";
import { RunLock } from "./run-lock";
import type { Work } from "./work";
import { writeAll } from "./writer";

export interface RunOptions {
  readonly paths: readonly string[];
  readonly dryRun: boolean;
  readonly commit: boolean;
  readonly push: boolean;
  readonly dataKeys: boolean;
}

/** Makes the work for a state of the tree. */
export type WorkFor = (tree: WorkTree, tracked: Tracked, progress: Progress) => Promise<Work>;

/** How often a run starts afresh when others push faster. */
const TRIES = 5;
const NAMED = 10;

/** One call of `sopsloop rewrap`: plan, write, commit, push, and start afresh when the branch has moved meanwhile. */
export class RewrapRun {
  private readonly own: OwnChanges;
  private readonly progress: Progress;
  /** Commits of this run: they can be made again. */
  private readonly made = new Set<string>();

  constructor(
    private readonly tree: WorkTree,
    private readonly options: RunOptions,
    private readonly io: Io,
    private readonly workFor: WorkFor,
  ) {
    this.own = new OwnChanges(tree);
    this.progress = new Progress(io);
  }

  /** @throws CliError; files that failed are part of the outcome instead. */
  async run(): Promise<Outcome> {
    if (this.options.dryRun) return this.round();
    const lock = await RunLock.take(this.tree);
    try {
      return this.options.push ? await this.withPush() : await this.round();
    } finally {
      this.progress.end();
      lock.release();
    }
  }

  private async withPush(): Promise<Outcome> {
    const upstream = await Upstream.of(this.tree, this.io.env);
    for (let attempt = 1; ; attempt++) {
      await this.startFromTip(upstream);
      const outcome = await this.round();
      const tip = await upstream.tip();
      if (outcome.failures.length > 0 || (await upstream.ahead(tip)).length === 0) return outcome;
      if ((await upstream.push()) === "pushed")
        return { ...outcome, pushed: { ref: upstream.ref, tries: attempt } };
      if (attempt === TRIES)
        throw new CliError(
          `others pushed to ${upstream.ref} faster, ${TRIES} times; the commit is here only: run this again`,
        );
      // Long enough for a crowd of others to get through, from the second time on.
      await REAL_CLOCK.sleep(pauseMs(attempt + 1, undefined, REAL_CLOCK));
    }
  }

  /**
   * Fetches, and moves the branch to the upstream's tip. Ciphertext is never merged: rewraps that were not pushed are dropped and made
   * again, and with any other commit that was not pushed it stops here.
   */
  private async startFromTip(upstream: Upstream): Promise<void> {
    const tip = await upstream.fetch();
    const ahead = await upstream.ahead(tip);
    for (const id of ahead)
      if (!this.made.has(id) && !(await this.own.isRewrapCommit(id)))
        throw new CliError(
          `${this.tree.root}: commit ${id.slice(0, 10)} is not in ${upstream.ref} and is no rewrap; push it first, or rewrap in a fresh clone`,
        );
    const head = await this.tree.head();
    await this.refuseStaged();
    if (head === tip || (head !== undefined && (await upstream.isAncestor(tip, head)))) return;
    await this.own.restore(await this.own.onDisk());
    await this.tree.resetTo(tip);
  }

  /** Once through the tree as it is. */
  private async round(): Promise<Outcome> {
    const { dryRun, dataKeys, commit, push, paths } = this.options;
    const committing = !dryRun && (commit || push);
    if (committing) {
      await this.refuseStaged();
      await this.own.restore(await this.own.onDisk());
    }
    // Asked for early: git takes its time, and the files are read meanwhile.
    const changes = this.tree.changes();
    changes.catch(() => undefined);
    const tracked = await this.tree.tracked(paths);
    const work = await this.workFor(this.tree, tracked, this.progress);
    try {
      const found = () => ({
        dryRun,
        dataKeys,
        files: work.files,
        keys: work.keys,
        size: NO_DIFF,
        paths: [],
        failures: work.failures,
        notes: work.notes,
      });
      if (work.failures.length > 0 || work.paths.length === 0) return found();
      const mine = new Set(work.paths);
      const dirty = (await changes).map(({ path }) => path).filter((path) => mine.has(path));
      if (committing && dirty.length > 0)
        throw new CliError(
          `${named(dirty)}: changed, but not committed; commit or undo that first, since --commit takes whole files`,
        );
      const note = `${named(dirty)}: had changes that are not committed; they are kept`;
      const notes = [...work.notes, ...(dirty.length > 0 ? [note] : [])];
      if (dryRun) return { ...found(), notes, size: work.expected(), paths: work.paths };
      await work.ask();
      if (work.failures.length > 0) return found();
      return { ...found(), notes, ...(await this.write(work, committing)) };
    } finally {
      work.close();
    }
  }

  private async write(work: Work, committing: boolean): Promise<Partial<Outcome>> {
    const interruption = new Interruption();
    try {
      await this.progress.start(`Writing ${count(work.paths.length, "file")}`, work.paths.length);
      const written = await writeAll(this.tree.root, work.changes(), interruption, this.progress.advance);
      this.progress.end();
      const { size, paths } = written;
      if (!committing || paths.length === 0) {
        written.keep();
        return { size, paths };
      }
      try {
        const commit = await this.tree.commit(work.message(), paths);
        this.made.add(commit);
        written.keep();
        return { size, paths, commit };
      } catch (error) {
        written.undo();
        throw error;
      }
    } finally {
      interruption.close();
    }
  }

  private async refuseStaged(): Promise<void> {
    const staged = (await this.tree.changes()).filter((change) => change.staged).map(({ path }) => path);
    if (staged.length > 0)
      throw new CliError(`${named(staged)}: staged for a commit of yours; commit or unstage that first`);
  }
}

function named(paths: readonly string[]): string {
  const more = paths.length > NAMED ? ` and ${paths.length - NAMED} more` : "";
  return paths.slice(0, NAMED).join(", ") + more;
}
