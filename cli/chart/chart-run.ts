import { rmSync } from "node:fs";
import { basename, join } from "node:path";
import { sopsEnvironment } from "../backends/vault/sops-environment";
import { pushRace } from "../git/push-race";
import type { WorkTree } from "../git/work-tree";
import type { Io } from "../io";
import { Interruption } from "../rewrap/interruption";
import { Progress } from "../rewrap/progress";
import { count } from "../rewrap/rewrap-work";
import { RunLock } from "../rewrap/run-lock";
import { DigestsByRule, vaultKeysOf } from "./digests/digests-by-rule";
import { SopsEncrypt } from "./encrypt/sops-encrypt";
import type { FolderChange } from "./folder/folder-change";
import { FolderWriter } from "./folder/folder-writer";
import { CHART_FILE } from "./folder/kustomization";
import { FolderPlan } from "./folder-plan";
import { FreshFiles } from "./fresh-files";
import type { ChartOutcome } from "./outcome";
import { OwnCommits, TRAILER } from "./own-commits";
import type { Prepared } from "./prepared";
import { unchanged } from "./unchanged";

type Environment = Readonly<Record<string, string | undefined>>;

export interface RunOptions {
  /** Relative to the tree's root; `""` for the root itself. */
  readonly folder: string;
  readonly release: string;
  readonly dryRun: boolean;
  readonly commit: boolean;
  readonly push: boolean;
}

/** Each a line, and nothing was changed. */
export interface Stopped {
  readonly problems: readonly string[];
}

/** One call of `sopsloop chart` in a work tree of the deploy repository. */
export class ChartRun {
  private readonly own: OwnCommits;
  private readonly progress: Progress;
  private readonly fresh = new FreshFiles();
  private withToken: Promise<Environment> | undefined;

  constructor(
    private readonly tree: WorkTree,
    private readonly options: RunOptions,
    private readonly prepared: Prepared,
    io: Io,
  ) {
    this.own = new OwnCommits(tree, options.folder);
    this.progress = new Progress(io);
  }

  /** @throws CliError for everything that concerns the run as a whole. */
  async run(): Promise<ChartOutcome | Stopped> {
    const { dryRun, commit, push } = this.options;
    if (dryRun) return this.round();
    // Such a run puts files back and takes what others pushed: not for a chart that is refused.
    const { problems } = commit || push ? await this.prepared.chart : { problems: [] };
    if (problems.length > 0) return { problems };
    const lock = await RunLock.take(this.tree);
    try {
      return this.options.push ? await this.withPush() : await this.round();
    } finally {
      this.progress.end();
      lock.release();
    }
  }

  private async withPush(): Promise<ChartOutcome | Stopped> {
    const { outcome, pushed } = await pushRace<ChartOutcome | Stopped>(this.tree, this.prepared.env, {
      what: `chart of ${this.own.trailer}`,
      isOwn: (id) => this.own.isOwn(id),
      restore: async () => {
        await this.own.restore();
      },
      round: async () => {
        const outcome = await this.round();
        return { outcome, failed: "problems" in outcome };
      },
    });
    return pushed && !("problems" in outcome) ? { ...outcome, pushed } : outcome;
  }

  /** Once, on the tree as it is. */
  private async round(): Promise<ChartOutcome | Stopped> {
    const { folder, dryRun, commit, push } = this.options;
    const committing = !dryRun && (commit || push);
    const restored = committing ? await this.own.restore() : [];
    const plan = new FolderPlan(this.tree.root, folder, this.prepared.secrets);
    if (plan.problems.length > 0) {
      plan.add(await this.prepared.chart);
      return stopped(plan);
    }
    const env = await this.environment(plan);
    const sops = new SopsEncrypt(this.tree.root, env);
    const digests = new DigestsByRule(env, plan.configs.texts.values());
    try {
      digests.requireTrusted(new Set(plan.secrets.map(({ rule }) => rule.rule)));
      const same = await unchanged(plan, digests, sops);
      const chart = await this.prepared.chart;
      plan.add(chart);
      if (plan.problems.length > 0) return stopped(plan);
      const stale = plan.secrets.filter(({ path }) => !same.paths.has(path));
      const found = (changes: readonly FolderChange[]) => ({
        dryRun,
        folder,
        objects: chart.objects,
        secrets: { total: plan.secrets.length, encrypted: stale.length, unchanged: same.paths.size },
        written: changes.flatMap(({ path, after }) => (after === undefined ? [] : [path])).toSorted(),
        removed: changes.flatMap(({ path, after }) => (after === undefined ? [path] : [])).toSorted(),
        notes: [...this.prepared.notes, ...chart.notes, ...same.notes, ...noteOf(restored)],
      });
      if (dryRun) return found(plan.changes(new Map(stale.map(({ path }) => [path, ""]))));
      if (stale.length > 0)
        await this.progress.start(`Encrypting ${count(stale.length, "Secret")}`, stale.length);
      const texts = await this.fresh.of(stale, plan, { digests, sops }, () => this.progress.advance(1));
      for (const path of plan.leftovers) rmSync(join(this.tree.root, path), { force: true });
      const changes = plan.changes(texts);
      const outcome = found(changes);
      if (changes.length === 0) return outcome;
      const notes = [...outcome.notes, ...(await this.unsteady(changes))];
      return { ...outcome, notes, ...(await this.write(changes, stale.length, committing)) };
    } finally {
      digests.close();
      this.progress.end();
    }
  }

  private async write(
    changes: readonly FolderChange[],
    encrypted: number,
    committing: boolean,
  ): Promise<{ readonly commit?: string }> {
    const interruption = new Interruption();
    const writer = new FolderWriter(this.tree.root);
    try {
      await this.progress.start(`Writing ${count(changes.length, "file")}`, changes.length);
      writer.write(changes);
      try {
        await interruption.check();
        const commit = committing ? await this.commit(changes, encrypted) : undefined;
        writer.keep();
        return commit === undefined ? {} : { commit };
      } catch (error) {
        writer.undo();
        throw error;
      }
    } finally {
      interruption.close();
    }
  }

  /** Resolves with the commit's id. @throws CliError with git's own reason; the index is then as it was. */
  private async commit(changes: readonly FolderChange[], encrypted: number): Promise<string> {
    const added = changes.flatMap(({ path, before }) => (before === undefined ? [path] : []));
    try {
      await this.own.announce(added);
      const paths = changes.map(({ path }) => path);
      return await this.tree.commit(this.message(changes.length, encrypted), paths);
    } catch (error) {
      // Where git fails at this too, its first reason is the one to tell.
      await this.own.forget(added).catch(() => undefined);
      throw error;
    }
  }

  /** Where a rule names a Vault, with a token for it: a CI job logs in once. */
  private environment(plan: FolderPlan): Promise<Environment> {
    const needsVault = plan.secrets.some(({ rule }) => vaultKeysOf(rule.rule).length > 0);
    if (!needsVault) return Promise.resolve(this.prepared.env);
    this.withToken ??= sopsEnvironment(this.prepared.env);
    return this.withToken;
  }

  /** A chart that makes up passwords or takes the time would make a commit at every run. */
  private async unsteady(changes: readonly FolderChange[]): Promise<string[]> {
    const chart = changes.find(({ path, before }) => basename(path) === CHART_FILE && before !== undefined);
    if (!chart || (await this.prepared.renderAgain()) === (await this.prepared.chart).text) return [];
    return [
      `the chart renders something else each time, so that every run makes a commit; look for random and time functions in its templates`,
    ];
  }

  private message(files: number, encrypted: number): string {
    return [
      `Chart ${this.options.release}: ${count(files, "file")}`,
      "",
      `Rendered by helm; ${count(encrypted, "Secret")} encrypted anew by sops`,
      "",
      `${TRAILER}: ${this.own.trailer}`,
    ].join("\n");
  }
}

function stopped({ problems }: FolderPlan): Stopped {
  return { problems: [...new Set(problems)] };
}

function noteOf(restored: readonly string[]): string[] {
  if (restored.length === 0) return [];
  return [`${restored.slice(0, 5).join(", ")}: had changes that were not committed; made anew`];
}
