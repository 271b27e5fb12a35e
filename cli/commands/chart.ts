import { existsSync, realpathSync, statSync } from "node:fs";
import { basename, dirname, join, posix, relative, resolve, sep } from "node:path";
import { ChartRun } from "../chart/chart-run";
import { DeployClone } from "../chart/deploy-clone";
import { isNamespace, isSecretName } from "../chart/mapping/kubernetes-names";
import { type Prepared, prepare } from "../chart/prepared";
import { reportJson, reportText } from "../chart/report";
import { plainEnvironment } from "../chart/values/plain-environment";
import { CliError, type ExitCode } from "../errors/cli-error";
import { WorkTree } from "../git/work-tree";
import type { Io } from "../io";

/** As the command line has them. */
export interface ChartOptions {
  readonly chart: string;
  readonly mapping: string;
  readonly into: string;
  readonly release?: string;
  readonly namespace?: string;
  readonly values?: readonly string[];
  readonly envFile?: string;
  readonly repository?: string;
  readonly branch?: string;
  readonly dryRun?: boolean;
  readonly commit?: boolean;
  readonly push?: boolean;
  readonly json?: boolean;
}

interface Checkout {
  readonly tree: WorkTree;
  /** Relative to the tree's root; `""` for the root itself. */
  readonly folder: string;
}

/** `sopsloop chart`. @throws CliError for everything that concerns the run as a whole. */
export async function chart(options: ChartOptions, called: Io): Promise<ExitCode> {
  const io = { ...called, env: plainEnvironment(called.env) };
  const { mapping, namespace, values = [], envFile } = options;
  requireUsage(options);
  const release = releaseOf(options, io.cwd);
  const source = {
    ...{ chart: options.chart, mapping, release, values },
    ...(namespace !== undefined && { namespace }),
    ...(envFile !== undefined && { envFile }),
  };
  let checkout: Promise<Checkout> | undefined;
  const prepared = await prepare(source, io, (env) => {
    if (options.repository !== undefined) return;
    checkout = checkoutOf(options.into, io.cwd, env);
    // Told below, unless something else comes first.
    checkout.catch(() => undefined);
  });
  if ("problems" in prepared) return stop(prepared.problems, prepared.exitCode, io);
  try {
    if (options.repository !== undefined)
      return await inClone(options, options.repository, release, prepared, io);
    const { tree, folder } = await (checkout ?? checkoutOf(options.into, io.cwd, prepared.env));
    return await finish(tree, folder, release, options, prepared, io);
  } catch (error) {
    // What is wrong with the chart is told first, whatever else was.
    const { problems } = await prepared.chart;
    if (problems.length > 0) return stop(problems, 1, io);
    throw error;
  } finally {
    await prepared.end();
  }
}

/** The work tree that the folder lies in. @throws CliError (2) where none does. */
async function checkoutOf(into: string, cwd: string, env: Io["env"]): Promise<Checkout> {
  const target = realPathOf(resolve(cwd, into));
  const tree = await WorkTree.at(existingFolder(target), env);
  return { tree, folder: relative(tree.root, target).split(sep).join("/") };
}

async function inClone(
  options: ChartOptions,
  url: string,
  release: string,
  prepared: Prepared,
  io: Io,
): Promise<ExitCode> {
  const folder = posix.normalize(options.into).replace(/^\.$|\/+$/g, "");
  if (posix.isAbsolute(folder) || folder.split("/").includes(".."))
    throw new CliError(
      `--into ${options.into}: with --repository it is relative to the repository's root`,
      2,
    );
  const { clone, tree } = await DeployClone.of(url, options.branch ?? "main", prepared.env);
  try {
    return await finish(tree, folder, release, { ...options, push: true }, prepared, io);
  } finally {
    clone.remove();
  }
}

async function finish(
  tree: WorkTree,
  folder: string,
  release: string,
  { dryRun = false, commit = false, push = false, json = false }: ChartOptions,
  prepared: Prepared,
  io: Io,
): Promise<ExitCode> {
  if (folder.split("/").includes(".git"))
    throw new CliError(`--into ${folder}: lies in git's own folder; name another one`, 2);
  const outcome = await new ChartRun(tree, { folder, release, dryRun, commit, push }, prepared, io).run();
  if ("problems" in outcome) return stop(outcome.problems, 1, io);
  for (const note of outcome.notes) io.stderr.write(`sopsloop: note: ${note}\n`);
  io.stdout.write(json ? reportJson(outcome) : reportText(outcome));
  return 0;
}

function stop(problems: readonly string[], code: 1 | 2, io: Io): ExitCode {
  for (const problem of problems) io.stderr.write(`sopsloop: ${problem}\n`);
  return code;
}

/** The folder's name where none is given. @throws CliError (2) for one that helm would refuse. */
function releaseOf({ release, into, repository }: ChartOptions, cwd: string): string {
  const name = release ?? basename(repository === undefined ? resolve(cwd, into) : posix.normalize(into));
  if (isSecretName(name) && name.length <= 53) return name;
  throw new CliError(
    release === undefined
      ? `--into ${into}: its last part is no name of a release; give one by --release`
      : `--release ${release}: lower-case letters, digits, - and . only, at most 53`,
    2,
  );
}

function requireUsage({ chart, namespace, into, repository, branch, commit }: ChartOptions): void {
  if (into === "") throw new CliError("--into is empty; name a folder of the deploy repository", 2);
  if (chart.startsWith("-")) throw new CliError(`${chart}: is no name of a chart`, 2);
  if (branch !== undefined && repository === undefined)
    throw new CliError("--branch goes with --repository; a checkout has its branch already", 2);
  if (repository !== undefined && commit)
    throw new CliError("--commit goes with a checkout; with --repository it is always pushed", 2);
  if (namespace !== undefined && !isNamespace(namespace))
    throw new CliError(`--namespace ${namespace}: lower-case letters, digits and - only, at most 63`, 2);
}

/** The nearest folder above that is there: the chart's own may not be yet. @throws CliError (2) where a file is in its place. */
function existingFolder(path: string): string {
  if (!existsSync(path)) return existingFolder(dirname(path));
  if (statSync(path).isDirectory()) return path;
  throw new CliError(`--into: ${path} is a file; name a folder of the deploy repository`, 2);
}

/** Without symbolic links, as far as the path is there. */
function realPathOf(path: string): string {
  const there = existingFolder(path);
  return join(realpathSync(there), relative(there, path));
}
