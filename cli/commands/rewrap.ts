import { readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { openVaultBackend } from "../backends/vault/open-vault-backend";
import { sopsEnvironment } from "../backends/vault/sops-environment";
import { CliError, type ExitCode } from "../errors/cli-error";
import { type Tracked, WorkTree } from "../git/work-tree";
import type { Io } from "../io";
import { failureLines, reportJson, reportText } from "../rewrap/report";
import { RewrapRun, type RunOptions, type WorkFor } from "../rewrap/rewrap-run";
import { RewrapWork } from "../rewrap/rewrap-work";

/** As the command line has them. */
export interface RewrapOptions {
  readonly paths: readonly string[];
  readonly dryRun?: boolean;
  readonly commit?: boolean;
  readonly push?: boolean;
  /** Of origin, to push to. */
  readonly branch?: string;
  readonly dataKeys?: boolean;
  readonly json?: boolean;
}

/** `sopsloop rewrap`. @throws CliError for everything that concerns the run as a whole. */
export async function rewrap(options: RewrapOptions, io: Io): Promise<ExitCode> {
  const { paths, dryRun = false, commit = false, push = false, dataKeys = false, json = false } = options;
  if (options.branch !== undefined && !push)
    throw new CliError("--branch says where to push to; it goes with --push", 2);
  const tree = await WorkTree.of(io.cwd, paths, io.env);
  const branch = options.branch === undefined ? {} : { branch: options.branch };
  const asked = { paths, dryRun, commit, push, dataKeys, ...branch };
  const outcome = await new RewrapRun(tree, asked, io, workFor(io, asked)).run();
  for (const note of outcome.notes) io.stderr.write(`sopsloop: note: ${note}\n`);
  for (const line of failureLines(outcome)) io.stderr.write(`sopsloop: ${line}\n`);
  io.stdout.write(json ? reportJson(outcome) : reportText(outcome));
  return outcome.failures.length > 0 ? 1 : 0;
}

function workFor(io: Io, { paths, dataKeys }: RunOptions): WorkFor {
  const warn = (line: string) => io.stderr.write(`sopsloop: warning: ${line}\n`);
  return async (tree, tracked, progress) => {
    const backend = openVaultBackend(io.env, await configsOf(tree, tracked, paths, io.env), warn);
    if (!dataKeys) return RewrapWork.of(tree.root, tracked, [backend], progress);
    const { DataKeysWork } = await import("../rewrap/data-keys/data-keys-work");
    return DataKeysWork.of(tree, tracked, backend, await sopsEnvironment(io.env), progress);
  };
}

/** Texts of the tree's `.sops.yaml` files, also of those outside of the paths that were asked about. */
async function configsOf(
  tree: WorkTree,
  tracked: Tracked,
  paths: readonly string[],
  env: Io["env"],
): Promise<string[]> {
  // Then these alone say where the token may go.
  if (env.VAULT_ADDR || env.SOPS_HC_VAULT_ALLOWLIST) return [];
  const { files } = paths.length === 0 ? tracked : await tree.tracked();
  const names = new Set([".sops.yaml", ...files.filter((path) => basename(path) === ".sops.yaml")]);
  return [...names].flatMap((path) => {
    try {
      return [readFileSync(join(tree.root, path), "utf8")];
    } catch {
      return [];
    }
  });
}
