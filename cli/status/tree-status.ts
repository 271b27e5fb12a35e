import type { KeyBackend } from "../backends/key-backend";
import { pinnedBy } from "../rules/pinned-by";
import type { SopsConfigs } from "../rules/sops-configs";
import type { Recipient, RecipientKind } from "../sops-file/recipient";
import type { SopsFormat } from "../sops-file/sops-file";
import type { EncryptedFile, Tree } from "../tree/tree";
import { TreeReader } from "../tree/tree-reader";
import type { TreeSource } from "../tree/tree-source";
import { CHECKS, type Check, type Finding } from "./finding";
import { checkFlux } from "./flux-check";
import { KeyStates, type RecipientState, type VersionSource } from "./key-states";
import { checkRule } from "./rule-check";

/** A recipient of a file, and how it stands. */
export interface RecipientStatus {
  readonly recipient: Recipient;
  readonly state: RecipientState;
}

/** One encrypted file. */
export interface FileStatus {
  readonly path: string;
  readonly format: SopsFormat;
  /** Stale if any recipient is; else unknown if any is. */
  readonly state: "fresh" | "stale" | "unknown";
  /** Versions that the furthest recipient is behind. */
  readonly behind: number;
  readonly recipients: readonly RecipientStatus[];
}

/** One distinct key of the tree. */
export interface KeyStatus {
  readonly kind: RecipientKind;
  readonly key: string;
  /** Absent where it is not known. */
  readonly current?: string;
  readonly oldestUsable?: string;
  /** Older versions that still open, oldest first, where the key server names them one by one and was asked. */
  readonly older?: readonly string[];
  /** Why the current version is not known. */
  readonly problem?: string;
  /** It was not looked at, on purpose: no fault. `problem` says why. */
  readonly notLookedAt?: true;
  /** How many files each version has wrapped; under `""` those that name none. */
  readonly files: Readonly<Record<string, number>>;
}

/** How a tree stands; plain data. */
export interface TreeStatus {
  readonly summary: {
    /** Encrypted files. */
    readonly files: number;
    readonly fresh: number;
    readonly stale: number;
    readonly unknown: number;
    /** Of the unknown, those of which nothing is unknown but keys that were not looked at on purpose. */
    readonly notLookedAt: number;
    readonly findings: number;
  };
  readonly keys: readonly KeyStatus[];
  /** Encrypted files only, by path. */
  readonly files: readonly FileStatus[];
  /** In the order of CHECKS, then by path. */
  readonly findings: readonly Finding[];
  readonly skipped: Tree["skipped"];
}

/** Looks at every file that was asked about, and asks each backend once. Never decrypts, never writes. */
export async function treeStatus(source: TreeSource, backends: readonly KeyBackend[]): Promise<TreeStatus> {
  return statusOf(await TreeReader.read(source), backends, source.asked);
}

/** The same for a tree that was read already. @param asked paths whose `.sops.yaml` is judged too. */
export async function statusOf(
  tree: Tree,
  backends: readonly VersionSource[],
  asked: readonly string[],
): Promise<TreeStatus> {
  const states = await KeyStates.ask(
    (function* () {
      for (const file of tree.encrypted) yield* file.recipients;
    })(),
    backends,
  );
  const files = tree.encrypted.map((file) => fileStatus(file, states)).sort(byPath);
  const findings = [
    ...tree.problems,
    ...configFindings(tree, asked),
    ...files.flatMap((file) => keyFindings(file, tree.configs)),
    ...tree.encrypted.flatMap((file) => checkRule(file, tree.configs)),
    ...tree.encrypted.flatMap((file) => (tree.flux ? checkFlux(file, tree.flux) : [])),
  ].sort(inOrder);
  const count = (state: FileStatus["state"]) => files.filter((file) => file.state === state).length;
  return {
    summary: {
      files: files.length,
      fresh: count("fresh"),
      stale: count("stale"),
      unknown: count("unknown"),
      notLookedAt: files.filter(isOutOfSight).length,
      findings: findings.length,
    },
    keys: keyStatuses(files, states),
    files,
    findings,
    skipped: tree.skipped,
  };
}

function fileStatus({ path, format, recipients }: EncryptedFile, states: KeyStates): FileStatus {
  const statuses = recipients.map((recipient) => ({ recipient, state: states.of(recipient) }));
  const behind = Math.max(0, ...statuses.map(({ state }) => (state.state === "stale" ? state.behind : 0)));
  const unknown = statuses.some(({ state }) => state.state === "unknown");
  const state = behind > 0 ? "stale" : unknown ? "unknown" : "fresh";
  return { path, format, state, behind, recipients: statuses };
}

function isOutOfSight({ state, recipients }: FileStatus): boolean {
  const unknown = recipients.flatMap(({ state: each }) => (each.state === "unknown" ? [each] : []));
  return state === "unknown" && unknown.every(({ outOfSight }) => outOfSight);
}

function keyFindings({ path, recipients }: FileStatus, configs: SopsConfigs): Finding[] {
  return recipients.flatMap(({ recipient, state }): Finding[] => {
    if (state.state === "unversioned") return [];
    const subject = recipient.key;
    const finding = (check: Check, message: string) => [{ check, path, line: 1, subject, message }];
    if (state.state === "unknown")
      return state.outOfSight ? [] : finding("unknown-version", `${subject}: ${state.why}`);
    const { closed, unfit, current } = state;
    const version = `version ${recipient.version} of ${subject}`;
    if (state.state === "fresh") {
      if (closed !== undefined) return finding("unusable", `${version}, the current; ${closed}`);
      return unfit === undefined ? [] : finding("expired", `${version} ${unfit}; rotate the key`);
    }
    const versions = `${version}, current is ${current}`;
    if (closed !== undefined) return finding("unusable", `${versions}; ${closed}`);
    const behind = `${state.behind} version${state.behind === 1 ? "" : "s"} behind: ${versions}`;
    const pin = pinnedBy(configs, path, recipient);
    if (unfit !== undefined) return finding("stale", `${behind}, which ${unfit}; rotate the key first`);
    if (pin !== undefined && pin.version !== current)
      return finding("stale", `${behind}; ${pin.where} pins version ${pin.version}: take it out of the rule`);
    return finding("stale", `${behind}; run sopsloop rewrap`);
  });
}

/** Only of those that were asked about, or that rule a file that was. */
function configFindings(tree: Tree, asked: readonly string[]): Finding[] {
  const named = new Set(asked);
  for (const { path } of tree.encrypted) named.add(tree.configs.configFor(path) ?? path);
  return [...tree.configs.all]
    .filter(([path]) => named.has(path))
    .flatMap(([path, { problems }]) =>
      problems.map(({ line, message }) => ({ check: "sops-config", path, line, subject: message, message })),
    );
}

function keyStatuses(files: readonly FileStatus[], states: KeyStates): KeyStatus[] {
  const found = new Map<
    string,
    { recipient: Recipient; state: RecipientState; files: Record<string, number> }
  >();
  for (const file of files) {
    for (const { recipient, state } of file.recipients) {
      const id = `${recipient.kind} ${recipient.key}`;
      const entry = found.get(id) ?? { recipient, state, files: {} };
      const version = recipient.version ?? "";
      entry.files[version] = (entry.files[version] ?? 0) + 1;
      found.set(id, entry);
    }
  }
  return [...found.values()]
    .map(({ recipient, state, files: versions }): KeyStatus => {
      const answer = states.keyState(recipient);
      const known = typeof answer === "object" ? answer : undefined;
      const problem = !known && state.state === "unknown" ? state.why : undefined;
      return {
        kind: recipient.kind,
        key: recipient.key,
        ...(known && { current: known.current }),
        ...(known?.oldestUsable !== undefined && { oldestUsable: known.oldestUsable }),
        ...(known?.older && { older: known.older }),
        ...(problem !== undefined && { problem }),
        ...(problem !== undefined && state.state === "unknown" && state.outOfSight && { notLookedAt: true }),
        files: versions,
      };
    })
    .sort((a, b) => compare(a.kind, b.kind) || compare(a.key, b.key));
}

const ORDER = Object.keys(CHECKS) as readonly Check[];

function inOrder(a: Finding, b: Finding): number {
  return ORDER.indexOf(a.check) - ORDER.indexOf(b.check) || compare(a.path, b.path) || a.line - b.line;
}

function byPath(a: FileStatus, b: FileStatus): number {
  return compare(a.path, b.path);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
