import { pauseMs, REAL_CLOCK } from "../backends/http/retries";
import { CliError } from "../errors/cli-error";
import { Upstream } from "./upstream";
import type { WorkTree } from "./work-tree";

type Environment = Readonly<Record<string, string | undefined>>;

/** How often a run starts afresh when others push faster. */
const TRIES = 5;

/** Changes that can be made again at any time, and so need not be merged. */
export interface Repeatable<T> {
  /** Whether a commit that was not pushed, of this run or of one that was killed, is nothing but such changes. */
  isOwn(commit: string): Promise<boolean>;
  /** Puts the files that such changes touch back as the last commit has them. @throws CliError where a person is in the middle of a commit. */
  restore(): Promise<void>;
  /** Makes the changes on the tree as it is, and commits them. Where that failed, nothing is pushed. */
  round(): Promise<{ readonly outcome: T; readonly failed: boolean }>;
  /** What its commits are called, for people: `rewrap`. */
  readonly what: string;
}

/** Where a push has gone, and at which try. */
export interface Pushed {
  readonly ref: string;
  readonly tries: number;
}

/**
 * Commits and pushes, and starts afresh when the branch has moved meanwhile. Ciphertext is never merged: what was not pushed is dropped and
 * made again on the new tip, and with any other commit that was not pushed it stops.
 *
 * @param branch of origin, where none is checked out.
 */
export async function pushRace<T>(
  tree: WorkTree,
  env: Environment,
  changes: Repeatable<T>,
  branch?: string,
): Promise<{ readonly outcome: T; readonly pushed?: Pushed }> {
  const upstream = await Upstream.of(tree, env, branch);
  for (let attempt = 1; ; attempt++) {
    await startFromTip(tree, upstream, changes);
    const { outcome, failed } = await changes.round();
    const tip = await upstream.tip();
    if (failed || (await upstream.ahead(tip)).length === 0) return { outcome };
    if ((await upstream.push()) === "pushed")
      return { outcome, pushed: { ref: upstream.ref, tries: attempt } };
    if (attempt === TRIES)
      throw new CliError(
        `others pushed to ${upstream.ref} faster, ${TRIES} times; the commit is here only: run this again`,
      );
    // Long enough for a crowd of others to get through, from the second time on.
    await REAL_CLOCK.sleep(pauseMs(attempt + 1, undefined, REAL_CLOCK));
  }
}

async function startFromTip<T>(tree: WorkTree, upstream: Upstream, changes: Repeatable<T>): Promise<void> {
  const tip = await upstream.fetch();
  for (const id of await upstream.ahead(tip))
    if (!(await changes.isOwn(id)))
      throw new CliError(
        `${tree.root}: commit ${id.slice(0, 10)} is not in ${upstream.ref} and is no ${changes.what}; push it first, or work in a fresh clone`,
      );
  const head = await tree.head();
  if (head === tip || (head !== undefined && (await upstream.isAncestor(tip, head)))) return;
  await changes.restore();
  await tree.resetTo(tip);
}
