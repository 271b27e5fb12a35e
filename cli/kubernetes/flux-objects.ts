import { setTimeout as sleep } from "node:timers/promises";
import type { Kubectl } from "./kubectl";

interface Condition {
  readonly type: string;
  readonly status: string;
  readonly message?: string;
}

interface Kustomization {
  readonly metadata: { readonly namespace: string; readonly name: string };
  readonly spec: {
    readonly suspend?: boolean;
    readonly decryption?: { readonly provider?: string; readonly serviceAccountName?: string };
  };
  readonly status?: { readonly lastAppliedRevision?: string; readonly conditions?: readonly Condition[] };
}

/** A Kustomization in the cluster that decrypts by sops, and how far it has come. */
export interface Decrypting {
  /** `namespace/name` */
  readonly name: string;
  readonly suspended: boolean;
  readonly ready: boolean;
  /** What its Ready condition says. */
  readonly message: string;
  /** Such as `main@sha1:0123…`; absent before the first. */
  readonly revision?: string;
  readonly serviceAccount?: string;
}

const RESOURCE = "kustomizations.kustomize.toolkit.fluxcd.io";

/** How long a Kustomization at work is waited for, and the pause between two looks, in milliseconds. */
export interface Patience {
  readonly forMs: number;
  readonly pauseMs: number;
}

const PATIENCE: Patience = { forMs: 15_000, pauseMs: 250 };

/**
 * Every Kustomization of the cluster that decrypts. Flux says nothing of one while it works on it, which it does at every interval and
 * at every request: it is waited for, and what still works after that is not ready. @throws CliError where the cluster cannot be asked.
 */
export async function decryptingKustomizations(
  kubectl: Pick<Kubectl, "get">,
  { forMs, pauseMs }: Patience = PATIENCE,
): Promise<readonly Decrypting[]> {
  const end = Date.now() + forMs;
  for (;;) {
    const all = await decryptingNow(kubectl);
    if (!all.some(isAtWork) || Date.now() >= end) return all.map(describe);
    await sleep(pauseMs);
  }
}

async function decryptingNow(kubectl: Pick<Kubectl, "get">): Promise<readonly Kustomization[]> {
  const words = [RESOURCE, "--all-namespaces"];
  const list = await kubectl.get<{ readonly items: readonly Kustomization[] }>(words);
  return (list?.items ?? []).filter(({ spec }) => spec.decryption?.provider === "sops");
}

function isAtWork(one: Kustomization): boolean {
  return one.spec.suspend !== true && readyOf(one)?.status === "Unknown";
}

function describe(one: Kustomization): Decrypting {
  const { metadata, spec, status } = one;
  const condition = readyOf(one);
  return {
    name: `${metadata.namespace}/${metadata.name}`,
    suspended: spec.suspend === true,
    ready: condition?.status === "True",
    message: (condition?.message ?? "not reconciled yet").replace(/\s+/g, " "),
    ...(status?.lastAppliedRevision !== undefined && { revision: status.lastAppliedRevision }),
    ...(spec.decryption?.serviceAccountName !== undefined && {
      serviceAccount: spec.decryption.serviceAccountName,
    }),
  };
}

function readyOf({ status }: Kustomization): Condition | undefined {
  return status?.conditions?.find(({ type }) => type === "Ready");
}

/** The commit of a revision: `main@sha1:0123…`, or Flux's older `main/0123…`. */
export function commitOf(revision: string): string | undefined {
  return /(?:sha\d+:|\/)([0-9a-f]{40,64})$/.exec(revision)?.[1];
}
