import type { KeyBackend } from "../backends/key-backend";
import { openBackends } from "../backends/open-backends";
import { CliError, type ExitCode } from "../errors/cli-error";
import { WorkTree } from "../git/work-tree";
import type { Io } from "../io";
import { decryptingKustomizations } from "../kubernetes/flux-objects";
import { Kubectl } from "../kubernetes/kubectl";
import { type CheckedRef, type RetirableKey, type Retirement, retirementOf } from "../retire/retirement";
import { statusOf } from "../status/tree-status";
import { CommitSource } from "../tree/commit-source";
import { TreeReader } from "../tree/tree-reader";

export interface RetireOptions {
  /** Branches and tags whose files must all be fresh. At least one. */
  readonly ref: readonly string[];
  /** Close the old versions of keys that are closed one by one (Azure); others belong to the program. */
  readonly disable?: true;
  readonly json?: true;
}

export const RETIRE_SCHEMA = "sopsloop.retire/1";

/** More would hide the first. */
const SHOWN = 20;

/**
 * `sopsloop retire`: says how to retire the old versions of the keys, or what is in the way. Changes nothing but what `--disable` asks
 * for: a setting of Vault's key belongs to the program. @throws CliError for a ref that is not there, and where a key server or the
 * cluster cannot be asked.
 */
export async function retire({ ref: names, disable, json }: RetireOptions, io: Io): Promise<ExitCode> {
  const tree = await WorkTree.at(io.cwd, io.env);
  const refs: Checked[] = [];
  try {
    for (const ref of names) refs.push(await check(tree, ref, io));
    const cluster = await decryptingKustomizations(new Kubectl(io.env));
    const retirement = retirementOf(refs, cluster);
    const clean = retirement.blockers.length === 0;
    const disabled = disable && clean ? await disableOlder(retirement.keys, refs) : [];
    const stated = refs.map(({ ref, commit, status }) => ({ ref, commit, summary: status.summary }));
    const outcome = { refs: stated, kustomizations: cluster, ...retirement, ...(disable && { disabled }) };
    io.stdout.write(
      json
        ? `${JSON.stringify({ schema: RETIRE_SCHEMA, ...outcome }, undefined, 2)}\n`
        : textOf(refs, retirement, new Set(disabled)),
    );
    return clean ? 0 : 1;
  } finally {
    for (const { backends } of refs) for (const backend of backends) backend.close();
  }
}

/** A ref with the key servers that were asked about it. */
interface Checked extends CheckedRef {
  readonly backends: readonly KeyBackend[];
}

async function check(tree: WorkTree, ref: string, io: Io): Promise<Checked> {
  const commit = await tree.commitOf(ref);
  if (commit === undefined)
    throw new CliError(`--ref ${ref}: no such branch, tag or commit in ${tree.root}; git fetch it first`, 2);
  const source = await CommitSource.of(tree, commit, io.env);
  try {
    const read = await TreeReader.read(source);
    const warn = (line: string) => io.stderr.write(`sopsloop: warning: ${line}\n`);
    const backends = openBackends(io.env, read.configs.texts.values(), warn, { everyVersion: true });
    try {
      return { ref, commit, status: await statusOf(read, backends, source.asked), backends };
    } catch (error) {
      for (const backend of backends) backend.close();
      throw error;
    }
  } finally {
    source.close();
  }
}

/** Resolves with the ids of the versions that are closed now. @throws CliError at the first that cannot be. */
async function disableOlder(keys: readonly RetirableKey[], refs: readonly Checked[]): Promise<string[]> {
  const disabled: string[] = [];
  for (const each of keys) {
    if (each.kind !== "azure_kv") continue;
    if (each.older === undefined)
      throw new CliError(
        `${each.key}: this identity may not list its versions, so nothing was disabled; it needs Microsoft.KeyVault/vaults/keys/read on the key`,
      );
    const { status, backends } =
      refs.find((one) => one.status.keys.some(({ key }) => key === each.key)) ?? {};
    const backend = status && backends?.find(({ kind }) => kind === each.kind);
    const why = await backend?.disable?.(each.key, each.older);
    if (why !== undefined) throw new CliError(`--disable: ${why}`);
    disabled.push(...each.older.map((version) => `${each.key}/${version}`));
  }
  return disabled;
}

function textOf(
  refs: readonly CheckedRef[],
  { blockers, keys }: Retirement,
  disabled: ReadonlySet<string>,
): string {
  const checked = refs
    .map(({ ref, commit, status }) => `${ref} (${commit.slice(0, 10)}): ${counted(status.summary.files)}`)
    .join(", ");
  if (blockers.length > 0) {
    const more = blockers.length > SHOWN ? [`… and ${blockers.length - SHOWN} more`] : [];
    return [
      `Not yet: something still needs old key versions. ${checked}`,
      ...blockers.slice(0, SHOWN).map((line) => `  ${line}`),
      ...more.map((line) => `  ${line}`),
      "",
    ].join("\n");
  }
  if (keys.length === 0)
    return `Nothing to retire: no key has an older version that still opens. ${checked}\n`;
  return [
    `Clean, and applied by Flux: ${checked}.`,
    ...vaultSteps(keys),
    ...azureSteps(keys, disabled),
    "# Older commits open no more after that; their backups too.",
    "",
  ].join("\n");
}

function vaultSteps(keys: readonly RetirableKey[]): string[] {
  const steps = keys.flatMap((each) =>
    each.kind === "hc_vault"
      ? [
          `# ${each.key}: versions ${each.oldestUsable ?? 1} to ${each.current - 1} are needed by no file of these refs`,
          `pulumi config set --path sopsloop:vault.transit.minDecryptionVersion ${each.current}`,
        ]
      : [],
  );
  if (steps.length === 0) return [];
  return ["# In the program's folder, for the stack that owns the key:", ...steps, "pulumi up"];
}

/** The rotation makes the versions, not the program, and so no setting of it is about them. */
function azureSteps(keys: readonly RetirableKey[], disabled: ReadonlySet<string>): string[] {
  return keys.flatMap((each) => {
    if (each.kind !== "azure_kv") return [];
    if (each.older === undefined)
      return [
        `# ${each.key}: this identity may not list its versions; disable each but ${each.current}:`,
        `az keyvault key list-versions --id ${each.key}`,
      ];
    const count = `${each.older.length} older version${each.older.length === 1 ? "" : "s"}`;
    if (each.older.every((version) => disabled.has(`${each.key}/${version}`)))
      return [`# ${each.key}: ${count} disabled; each can be enabled again`];
    return [
      `# ${each.key}: ${count} needed by no file of these refs. A disabled version can be enabled again:`,
      ...each.older.map(
        (version) => `az keyvault key set-attributes --id ${each.key}/${version} --enabled false`,
      ),
    ];
  });
}

function counted(files: number): string {
  return files === 1 ? "1 file" : `${files} files`;
}
