import { setTimeout as sleep } from "node:timers/promises";
import { type Kubectl, reasonOf } from "../../kubernetes/kubectl";
import type { Declared } from "../declared";
import { Fault, Skip } from "../probe";

export type Decryption = Declared["audit"]["decryption"][number];

interface Kustomization {
  readonly spec: {
    readonly prune?: boolean;
    readonly sourceRef: { readonly name: string; readonly namespace?: string };
  };
  readonly status?: {
    readonly lastAppliedRevision?: string;
    readonly conditions?: readonly {
      readonly type: string;
      readonly status: string;
      readonly message?: string;
    }[];
  };
}

const KUSTOMIZATIONS = "kustomizations.kustomize.toolkit.fluxcd.io";
const SOURCES = "gitrepositories.source.toolkit.fluxcd.io";
const PAUSE_MS = 1_000;
/** Rounds between two requests to look at the repository. */
const NUDGE = 10;

/** A Kustomization in the cluster that the test secret goes through. */
export class FluxTarget {
  /** Namespace that its objects come to lie in. */
  readonly namespace: string;

  constructor(
    private readonly kubectl: Kubectl,
    private readonly decryption: Decryption,
  ) {
    this.namespace = decryption.targetNamespace ?? decryption.namespace;
  }

  get describe(): string {
    const { namespace, kustomization } = this.decryption;
    return `kubectl -n ${namespace} describe kustomization ${kustomization}`;
  }

  /** Whether Flux takes away what is no longer in the repository. */
  async prunes(): Promise<boolean> {
    return (await this.live()).spec.prune === true;
  }

  async hasApplied(commit: string): Promise<boolean> {
    return (await this.live()).status?.lastAppliedRevision?.includes(commit) === true;
  }

  /** What it says of itself. */
  async message(): Promise<string> {
    const ready = (await this.live()).status?.conditions?.find(({ type }) => type === "Ready");
    return (ready?.message ?? "not reconciled yet").replace(/\s+/g, " ").trim().slice(0, 300);
  }

  /** A value of a Secret; undefined where there is none. Throws Skip where that cannot be seen. */
  async secret(name: string, key: string): Promise<string | undefined> {
    const words = [
      "get",
      "secret",
      name,
      `--namespace=${this.namespace}`,
      `--output=jsonpath={.data.${key}}`,
    ];
    const { code, stdout, stderr } = await this.kubectl.try(words);
    if (code === 0) return Buffer.from(stdout, "base64").toString("utf8");
    if (/\(NotFound\)/.test(stderr)) return undefined;
    throw new Skip(`Secrets in ${this.namespace} cannot be read: ${reasonOf(stderr)}`);
  }

  async deleteSecret(name: string): Promise<void> {
    await this.kubectl.try(["delete", "secret", name, `--namespace=${this.namespace}`, "--ignore-not-found"]);
  }

  /** Asks Flux to look at once, as `flux reconcile` does, and waits. False when the patience is over, or at the signal. */
  async until(done: () => Promise<boolean>, patienceMs: number, signal?: AbortSignal): Promise<boolean> {
    const end = Date.now() + patienceMs;
    for (let round = 0; Date.now() < end && !signal?.aborted; round++) {
      if (await done()) return true;
      if (round % NUDGE === 0) await this.reconcile();
      await sleep(PAUSE_MS, undefined, { signal }).catch(() => undefined);
    }
    return false;
  }

  private async live(): Promise<Kustomization> {
    const { namespace, kustomization } = this.decryption;
    const found = await this.kubectl.get<Kustomization>([
      `${KUSTOMIZATIONS}/${kustomization}`,
      `--namespace=${namespace}`,
    ]);
    if (found) return found;
    throw new Fault(
      `Kustomization ${namespace}/${kustomization} is gone`,
      `${this.describe}; pulumi up --refresh`,
    );
  }

  /** The Kustomization itself is told by its source's new revision. */
  private async reconcile(): Promise<void> {
    const { name, namespace = this.decryption.namespace } = (await this.live()).spec.sourceRef;
    await this.kubectl.try([
      "annotate",
      "--overwrite",
      `${SOURCES}/${name}`,
      `--namespace=${namespace}`,
      `reconcile.fluxcd.io/requestedAt=${new Date().toISOString()}`,
    ]);
  }
}
