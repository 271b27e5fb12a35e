import { type KubeApi, KubeApiError } from "../kube-api";

/** Why a pod cannot be started yet; it is tried again. */
export class PodNotReady extends Error {
  override readonly name = "PodNotReady";
}

/** What a pod's environment and volumes are made from. */
export interface PodSource {
  readonly namespace: string;
  readonly podName: string;
  readonly serviceAccount: string;
  /** Undefined when it does not exist. */
  configMap(name: string): Promise<Readonly<Record<string, string>> | undefined>;
  /** Decoded; undefined when it does not exist. */
  secret(name: string): Promise<Readonly<Record<string, string>> | undefined>;
  /** A token of the pod's own account. */
  token(audience: string | undefined, seconds: number): Promise<string>;
}

/** Reads from the API server what the kubelet would. */
export class ClusterPodSource implements PodSource {
  constructor(
    private readonly api: KubeApi,
    readonly namespace: string,
    readonly podName: string,
    readonly serviceAccount: string,
  ) {}

  async configMap(name: string): Promise<Record<string, string> | undefined> {
    const found = await this.api.find<{ data?: Record<string, string> }>(this.path("configmaps", name));
    return found && { ...found.data };
  }

  async secret(name: string): Promise<Record<string, string> | undefined> {
    const found = await this.api.find<{ data?: Record<string, string> }>(this.path("secrets", name));
    const entries = Object.entries(found?.data ?? {});
    const decode = (value: string) => Buffer.from(value, "base64").toString("utf8");
    return found && Object.fromEntries(entries.map(([key, value]) => [key, decode(value)]));
  }

  async token(audience: string | undefined, seconds: number): Promise<string> {
    const spec = { expirationSeconds: seconds, ...(audience !== undefined && { audiences: [audience] }) };
    try {
      const answer = await this.api.create<{ status: { token: string } }>(
        `${this.path("serviceaccounts", this.serviceAccount)}/token`,
        { apiVersion: "authentication.k8s.io/v1", kind: "TokenRequest", spec },
      );
      return answer.status.token;
    } catch (error) {
      if (!(error instanceof KubeApiError && error.status === 404)) throw error;
      throw new PodNotReady(`service account ${this.namespace}/${this.serviceAccount} does not exist`);
    }
  }

  private path(resource: string, name: string): string {
    return `/api/v1/namespaces/${this.namespace}/${resource}/${name}`;
  }
}
