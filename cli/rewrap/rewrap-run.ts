import { CliError } from "../errors/cli-error";
import { pushRace, type Repeatable } from "../git/push-race";
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
  /** Of origin, to push to where none is checked out. */
  readonly branch?: string;
  readonly dataKeys: boolean;
  /** The one kind of key that is moved. */
  readonly only?: string;
}

/** Makes the work for a state of the tree. */
export type WorkFor = (tree: WorkTree, tracked: Tracked, progress: Progress) => Promise<Work>;

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
    this.own = new OwnChanges(tree, options.only);
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
    const changes: Repeatable<Outcome> = {
      what: "rewrap",
      isOwn: async (id) => this.made.has(id) || (await this.own.isRewrapCommit(id)),
      restore: () => this.restore(),
      round: async () => {
        const outcome = await this.round();
        return { outcome, failed: outcome.failures.length > 0 };
      },
    };
    const { outcome, pushed } = await pushRace(this.tree, this.io.env, changes, this.options.branch);
    return pushed ? { ...outcome, pushed } : outcome;
  }

  /** Once through the tree as it is. */
  private async round(): Promise<Outcome> {
    const { dryRun, dataKeys, commit, push, paths } = this.options;
    const committing = !dryRun && (commit || push);
    if (committing) await this.restore();
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

  /** Puts back what only this command can have changed. */
  private async restore(): Promise<void> {
    const staged = (await this.tree.changes()).filter((change) => change.staged).map(({ path }) => path);
    if (staged.length > 0)
      throw new CliError(`${named(staged)}: staged for a commit of yours; commit or unstage that first`);
    await this.own.restore(await this.own.onDisk());
  }
}

function named(paths: readonly string[]): string {
  const more = paths.length > NAMED ? ` and ${paths.length - NAMED} more` : "";
  return paths.slice(0, NAMED).join(", ") + more;
}
