import type { KubeApi, KubeObject } from "../servers/kube-api";

interface FluxObject extends KubeObject {
  readonly spec: {
    readonly url?: string;
    readonly sourceRef?: { readonly name: string; readonly namespace?: string };
  };
  readonly status?: {
    readonly artifact?: { readonly revision: string };
    readonly lastAppliedRevision?: string;
    readonly conditions?: readonly {
      readonly type: string;
      readonly status: string;
      readonly message?: string;
    }[];
  };
}

const SOURCES = "/apis/source.toolkit.fluxcd.io/v1";
const KUSTOMIZATIONS = "/apis/kustomize.toolkit.fluxcd.io/v1";

/** What Flux makes of the deploy repository. */
export class FluxState {
  constructor(
    private readonly api: KubeApi,
    private readonly url: string,
  ) {}

  /** Asks for a look at the repository now, as `flux reconcile source git` does. */
  async fetchNow(): Promise<void> {
    for (const source of await this.sources())
      await this.annotate(`${SOURCES}/namespaces`, "gitrepositories", source);
  }

  /** Asks for a new build, as `flux reconcile kustomization` does. */
  async applyNow(): Promise<void> {
    for (const one of await this.kustomizations())
      await this.annotate(`${KUSTOMIZATIONS}/namespaces`, "kustomizations", one);
  }

  /** Whether every source has this commit. */
  async hasFetched(commit: string): Promise<boolean> {
    const sources = await this.sources();
    return (
      sources.length > 0 &&
      sources.every(({ status }) => status?.artifact?.revision.includes(commit) === true)
    );
  }

  /** Whether every Kustomization has applied this commit. */
  async hasApplied(commit: string): Promise<boolean> {
    const all = await this.kustomizations();
    return (
      all.length > 0 && all.every(({ status }) => status?.lastAppliedRevision?.includes(commit) === true)
    );
  }

  /** What every source and Kustomization says of itself, one line. */
  async explain(): Promise<string> {
    const all = [...(await this.sources()), ...(await this.kustomizations())];
    if (all.length === 0) return `no GitRepository in the cluster has the URL ${this.url}`;
    return all
      .map(({ kind, metadata, status }) => {
        const ready = status?.conditions?.find(({ type }) => type === "Ready");
        return `${kind ?? "object"} ${metadata.namespace}/${metadata.name}: ${ready?.message ?? "no word yet"}`;
      })
      .join("; ");
  }

  private async sources(): Promise<FluxObject[]> {
    const all = await this.api.list<FluxObject>(`${SOURCES}/gitrepositories`);
    return all.filter(({ spec }) => spec.url === this.url).map((one) => ({ ...one, kind: "GitRepository" }));
  }

  private async kustomizations(): Promise<FluxObject[]> {
    const names = new Set(
      (await this.sources()).map(({ metadata }) => `${metadata.namespace}/${metadata.name}`),
    );
    const all = await this.api.list<FluxObject>(`${KUSTOMIZATIONS}/kustomizations`);
    return all
      .filter(({ metadata, spec: { sourceRef } }) =>
        names.has(`${sourceRef?.namespace ?? metadata.namespace}/${sourceRef?.name}`),
      )
      .map((one) => ({ ...one, kind: "Kustomization" }));
  }

  private async annotate(root: string, resource: string, { metadata }: FluxObject): Promise<void> {
    await this.api.merge(`${root}/${metadata.namespace}/${resource}/${metadata.name}`, {
      metadata: { annotations: { "reconcile.fluxcd.io/requestedAt": new Date().toISOString() } },
    });
  }
}
