import { writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { openBackends } from "../backends/open-backends";
import { CliError, type ExitCode } from "../errors/cli-error";
import { WorkTree } from "../git/work-tree";
import type { Io } from "../io";
import { codeQuality } from "../status/code-quality";
import { reportOf } from "../status/report";
import { tableOf } from "../status/table";
import { statusOf, type TreeStatus } from "../status/tree-status";
import { TreeReader } from "../tree/tree-reader";
import { WorkTreeSource } from "../tree/work-tree-source";

export interface StatusOptions {
  /** Files and folders, relative to `io.cwd`; the whole work tree when empty. */
  readonly paths: readonly string[];
  readonly json?: true;
  /** File for GitLab's code quality report. */
  readonly codeQuality?: string;
}

/** `sopsloop status`: which files are stale, and what else is wrong with them. Decrypts nothing and changes no file of the tree. */
export async function status({ paths, json, codeQuality: file }: StatusOptions, io: Io): Promise<ExitCode> {
  const source = await WorkTreeSource.of(await WorkTree.of(io.cwd, paths, io.env), paths);
  const tree = await TreeReader.read(source);
  const backends = openBackends(io.env, tree.configs.texts.values(), (line) => {
    io.stderr.write(`sopsloop: ${line}\n`);
  });
  try {
    const found = await statusOf(tree, backends, source.asked);
    for (const [problem, keys] of notLookedAt(found))
      io.stderr.write(`sopsloop: note: ${keys.join(", ")} not looked at: ${problem}\n`);
    if (file !== undefined) writeReport(resolve(io.cwd, file), codeQuality(found.findings));
    io.stdout.write(
      json
        ? `${JSON.stringify(reportOf(found), undefined, 2)}\n`
        : tableOf(found, { colours: io.isTerminal }),
    );
    return found.summary.findings === 0 ? 0 : 1;
  } finally {
    for (const backend of backends) backend.close();
  }
}

/** Keys that were left out on purpose, by the reason. */
function notLookedAt({ keys }: TreeStatus): ReadonlyMap<string, string[]> {
  const reasons = new Map<string, string[]>();
  for (const { key, problem = "", notLookedAt } of keys)
    if (notLookedAt) reasons.set(problem, [...(reasons.get(problem) ?? []), key]);
  return reasons;
}

function writeReport(file: string, report: object): void {
  try {
    writeFileSync(file, `${JSON.stringify(report, undefined, 2)}\n`);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new CliError(`--code-quality ${file}: cannot be written: ${why}`, 2);
  }
}
