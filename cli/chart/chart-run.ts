import { rmSync } from "node:fs";
import { basename, join } from "node:path";
import { SopsLogin } from "../backends/sops-login";
import { pushRace } from "../git/push-race";
import type { WorkTree } from "../git/work-tree";
import type { Io } from "../io";
import { Progress } from "../rewrap/progress";
import { count } from "../rewrap/rewrap-work";
import { RunLock } from "../rewrap/run-lock";
import { DigestsByRule } from "./digests/digests-by-rule";
import { SopsEncrypt } from "./encrypt/sops-encrypt";
import type { FolderChange } from "./folder/folder-change";
import { CHART_FILE } from "./folder/kustomization";
import { FolderChanges } from "./folder-changes";
import { FolderPlan } from "./folder-plan";
import { FreshFiles } from "./fresh-files";
import type { ChartOutcome } from "./outcome";
import { OwnCommits } from "./own-commits";
import type { Prepared } from "./prepared";
import { unchanged } from "./unchanged";

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
  private readonly login: SopsLogin;
  private readonly changes: FolderChanges;

  constructor(
    private readonly tree: WorkTree,
    private readonly options: RunOptions,
    private readonly prepared: Prepared,
    io: Io,
  ) {
    this.own = new OwnCommits(tree, options.folder);
    this.progress = new Progress(io);
    this.login = new SopsLogin(prepared.env);
    this.changes = new FolderChanges(tree, this.own, options.release, this.progress);
  }

  /** @throws CliError for everything that concerns the run as a whole. */
  async run(): Promise<ChartOutcome | Stopped> {
    const { dryRun, commit, push } = this.options;
    // Such a run puts files back and takes what others pushed: not for a chart that is refused.
    const { problems } = !dryRun && (commit || push) ? await this.prepared.chart : { problems: [] };
    if (problems.length > 0) return { problems };
    const lock = dryRun ? undefined : await RunLock.take(this.tree);
    try {
      return push && !dryRun ? await this.withPush() : await this.round();
    } finally {
      this.login.rest();
      this.progress.end();
      lock?.release();
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
    const rules = new Set(plan.secrets.map(({ rule }) => rule.rule));
    const env = await this.login.environment(rules);
    const sops = new SopsEncrypt(this.tree.root, env);
    const digests = new DigestsByRule(env, plan.configs.texts.values());
    try {
      digests.requireTrusted(rules);
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
      this.login.rest();
      for (const path of plan.leftovers) rmSync(join(this.tree.root, path), { force: true });
      const changes = plan.changes(texts);
      const outcome = found(changes);
      if (changes.length === 0) return outcome;
      const notes = [...outcome.notes, ...(await this.unsteady(changes))];
      return { ...outcome, notes, ...(await this.changes.write(changes, stale.length, committing)) };
    } finally {
      digests.close();
      this.progress.end();
    }
  }

  /** A chart that makes up passwords or takes the time would make a commit at every run. */
  private async unsteady(changes: readonly FolderChange[]): Promise<string[]> {
    const chart = changes.find(({ path, before }) => basename(path) === CHART_FILE && before !== undefined);
    if (!chart || (await this.prepared.renderAgain()) === (await this.prepared.chart).text) return [];
    return [
      `the chart renders something else each time, so that every run makes a commit; look for random and time functions in its templates`,
    ];
  }
}

function stopped({ problems }: FolderPlan): Stopped {
  return { problems: [...new Set(problems)] };
}

function noteOf(restored: readonly string[]): string[] {
  if (restored.length === 0) return [];
  return [`${restored.slice(0, 5).join(", ")}: had changes that were not committed; made anew`];
}
