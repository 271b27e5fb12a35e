import { readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { openVaultBackend } from "../backends/vault/open-vault-backend";
import type { ExitCode } from "../errors/cli-error";
import { type Tracked, WorkTree } from "../git/work-tree";
import type { Io } from "../io";
import { failureLines, reportJson, reportText } from "../rewrap/report";
import { RewrapRun, type WorkFor } from "../rewrap/rewrap-run";
import { RewrapWork } from "../rewrap/rewrap-work";

/** As the command line has them. */
export interface RewrapOptions {
  readonly paths: readonly string[];
  readonly dryRun?: boolean;
  readonly commit?: boolean;
  readonly push?: boolean;
  readonly dataKeys?: boolean;
  readonly json?: boolean;
}

/** `sopsloop rewrap`. @throws CliError for everything that concerns the run as a whole. */
export async function rewrap(options: RewrapOptions, io: Io): Promise<ExitCode> {
  const tree = await WorkTree.of(io.cwd, options.paths, io.env);
  const { paths, dryRun = false, commit = false, push = false, dataKeys = false, json = false } = options;
  const run = new RewrapRun(
    tree,
    { paths, dryRun, commit, push, dataKeys },
    io,
    workFor({ io, paths, dataKeys }),
  );
  const outcome = await run.run();
  for (const note of outcome.notes) io.stderr.write(`sopsloop: note: ${note}\n`);
  for (const line of failureLines(outcome)) io.stderr.write(`sopsloop: ${line}\n`);
  io.stdout.write(json ? reportJson(outcome) : reportText(outcome));
  return outcome.failures.length > 0 ? 1 : 0;
}

interface Asked {
  readonly io: Io;
  readonly paths: readonly string[];
  readonly dataKeys: boolean;
}

function workFor(asked: Asked): WorkFor {
  const { io, dataKeys } = asked;
  const warn = (line: string) => io.stderr.write(`sopsloop: warning: ${line}\n`);
  return async (tree, tracked, progress) => {
    const backend = openVaultBackend(io.env, await configsOf(tree, tracked, asked), warn);
    if (!dataKeys) return RewrapWork.of(tree.root, tracked, [backend], progress);
    const { DataKeysWork } = await import("../rewrap/data-keys/data-keys-work");
    return DataKeysWork.of(tree, tracked, backend, io.env, progress);
  };
}

/** Texts of the tree's `.sops.yaml` files, also of those outside of the paths that were asked about. */
async function configsOf(tree: WorkTree, tracked: Tracked, { paths, io }: Asked): Promise<string[]> {
  // Then these alone say where the token may go.
  if (io.env.VAULT_ADDR || io.env.SOPS_HC_VAULT_ALLOWLIST) return [];
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
