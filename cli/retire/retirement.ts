import { commitOf, type Decrypting } from "../kubernetes/flux-objects";
import type { KeyStatus, TreeStatus } from "../status/tree-status";

/** A branch or tag that was asked about. */
export interface CheckedRef {
  readonly ref: string;
  readonly commit: string;
  readonly status: TreeStatus;
}

/** A key whose older versions nothing needs any more. Vault closes all below a version, Azure each by itself. */
export type RetirableKey =
  | {
      readonly kind: "hc_vault";
      readonly key: string;
      /** Version to put into `minDecryptionVersion`. */
      readonly current: number;
      /** What the key server has now, where it tells. */
      readonly oldestUsable?: number;
    }
  | {
      readonly kind: "azure_kv";
      readonly key: string;
      readonly current: string;
      /** Versions to disable, oldest first; absent where this identity may not list them. */
      readonly older?: readonly string[];
    };

/** Whether old versions may go. */
export interface Retirement {
  /** What is in the way, a line each; empty when nothing is. */
  readonly blockers: readonly string[];
  /** Only of keys that have versions to retire. */
  readonly keys: readonly RetirableKey[];
}

/** Pure: refs that are clean, and a cluster that has applied exactly these, leave nothing that an old version is needed for. */
export function retirementOf(refs: readonly CheckedRef[], cluster: readonly Decrypting[]): Retirement {
  const blockers = [...refs.flatMap(refBlockers), ...clusterBlockers(refs, cluster)];
  const keys = new Map<string, RetirableKey>();
  for (const { status } of refs)
    for (const each of status.keys) {
      const retirable = retirableOf(each);
      if (retirable) keys.set(each.key, retirable);
    }
  return { blockers, keys: [...keys.values()] };
}

function retirableOf({ kind, key, current, oldestUsable, older }: KeyStatus): RetirableKey | undefined {
  if (current === undefined) return undefined;
  if (kind === "azure_kv")
    return older?.length === 0 ? undefined : { kind, key, current, ...(older && { older }) };
  if (kind !== "hc_vault") return undefined;
  const oldest = oldestUsable === undefined ? undefined : Number(oldestUsable);
  if (oldest !== undefined && oldest >= Number(current)) return undefined;
  return { kind, key, current: Number(current), ...(oldest !== undefined && { oldestUsable: oldest }) };
}

function refBlockers({ ref, status }: CheckedRef): string[] {
  if (status.summary.files === 0)
    return [
      `${ref}: holds no encrypted file; is this the deploy repository, and the branch that Flux watches?`,
    ];
  const unseen = status.keys.filter(({ notLookedAt }) => notLookedAt);
  return [
    ...status.findings.map(({ path, line, message }) => `${ref}: ${path}:${line}: ${message}`),
    ...unseen.map(({ key, problem }) => `${ref}: ${key} was not looked at: ${problem}`),
  ];
}

function clusterBlockers(refs: readonly CheckedRef[], cluster: readonly Decrypting[]): string[] {
  if (cluster.length === 0)
    return [
      "the cluster has no Kustomization that decrypts by sops; is kubectl's context the one that Flux runs in?",
    ];
  const commits = new Map(refs.map(({ commit, ref }) => [commit, ref]));
  return cluster.flatMap(({ name, suspended, ready, message, revision }) => {
    if (suspended)
      return [
        `Kustomization ${name} is suspended, so what it needs is not known; flux resume kustomization, or delete it`,
      ];
    const at = revision === undefined ? undefined : commitOf(revision);
    if (at === undefined || !commits.has(at))
      return [
        `Kustomization ${name} has applied ${revision ?? "nothing"}, which is none of ${[...commits.values()].join(", ")} as they are here; git fetch, and wait for Flux`,
      ];
    return ready ? [] : [`Kustomization ${name} is not ready: ${message}`];
  });
}
