import { readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { openAzureBackend } from "../backends/azure/open-azure-backend";
import type { KeyBackend } from "../backends/key-backend";
import { ASKABLE } from "../backends/open-backends";
import { openVaultBackend, trustedVaults } from "../backends/vault/open-vault-backend";
import { sopsEnvironment } from "../backends/vault/sops-environment";
import { CliError, type ExitCode } from "../errors/cli-error";
import { type Tracked, WorkTree } from "../git/work-tree";
import type { Io } from "../io";
import { Pins } from "../rewrap/pins";
import { failureLines, reportJson, reportText } from "../rewrap/report";
import { RewrapRun, type WorkFor } from "../rewrap/rewrap-run";
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
  /** The one kind of key that is moved. */
  readonly only?: string;
  readonly json?: boolean;
}

/** `sopsloop rewrap`. @throws CliError for everything that concerns the run as a whole. */
export async function rewrap(options: RewrapOptions, io: Io): Promise<ExitCode> {
  const { paths, dryRun = false, commit = false, push = false, dataKeys = false, json = false } = options;
  requireSense(options);
  const tree = await WorkTree.of(io.cwd, paths, io.env);
  const branch = options.branch === undefined ? {} : { branch: options.branch };
  const only = options.only === undefined ? {} : { only: options.only };
  const asked = { paths, dryRun, commit, push, dataKeys, ...branch, ...only };
  // One for all tries of a push: its token lasts for the whole run.
  const azure = openAzureBackend(io.env);
  try {
    const outcome = await new RewrapRun(tree, asked, io, workFor(io, azure, options)).run();
    for (const note of outcome.notes) io.stderr.write(`sopsloop: note: ${note}\n`);
    for (const line of failureLines(outcome)) io.stderr.write(`sopsloop: ${line}\n`);
    io.stdout.write(json ? reportJson(outcome) : reportText(outcome));
    return outcome.failures.length > 0 ? 1 : 0;
  } finally {
    azure.close();
  }
}

function requireSense({ branch, push, only, dataKeys }: RewrapOptions): void {
  if (branch !== undefined && !push)
    throw new CliError("--branch says where to push to; it goes with --push", 2);
  if (only === undefined) return;
  if (dataKeys)
    throw new CliError("--only goes without --data-keys: a new data key is wrapped by every key", 2);
  if (!ASKABLE.some((kind) => kind === only))
    throw new CliError(
      `--only ${only}: no kind of key that can be moved; there are ${ASKABLE.join(", ")}`,
      2,
    );
}

function workFor(io: Io, azure: KeyBackend, { paths, dataKeys, only }: RewrapOptions): WorkFor {
  const warn = (line: string) => io.stderr.write(`sopsloop: warning: ${line}\n`);
  return async (tree, tracked, progress) => {
    let read: Promise<ReadonlyMap<string, string>> | undefined;
    const texts = () => {
      read ??= configsOf(tree, tracked, paths);
      return read;
    };
    // Where these are set, they alone say where Vault's token may go.
    const { VAULT_ADDR, SOPS_HC_VAULT_ALLOWLIST } = io.env;
    const named = VAULT_ADDR || SOPS_HC_VAULT_ALLOWLIST ? [] : [...(await texts()).values()];
    const pins = new Pins(texts);
    const backends = [openVaultBackend(io.env, named, warn), azure].filter(
      ({ kind }) => only === undefined || kind === only,
    );
    if (!dataKeys) return RewrapWork.of(tree.root, tracked, backends, progress, { pins, known: ASKABLE });
    const { DataKeysWork } = await import("../rewrap/data-keys/data-keys-work");
    const trusted = trustedVaults(io.env, named);
    return DataKeysWork.of(tree, tracked, backends, await sopsEnvironment(io.env), progress, {
      pins,
      trusted,
    });
  };
}

/** Texts of the tree's `.sops.yaml` files by path, also of those outside of the paths that were asked about. */
async function configsOf(
  tree: WorkTree,
  tracked: Tracked,
  paths: readonly string[] = [],
): Promise<ReadonlyMap<string, string>> {
  const { files } = paths.length === 0 ? tracked : await tree.tracked();
  const names = new Set([".sops.yaml", ...files.filter((path) => basename(path) === ".sops.yaml")]);
  return new Map(
    [...names].flatMap((path): [string, string][] => {
      try {
        return [[path, readFileSync(join(tree.root, path), "utf8")]];
      } catch {
        return [];
      }
    }),
  );
}
