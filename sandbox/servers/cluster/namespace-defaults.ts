import { readFileSync } from "node:fs";
import { type KubeApi, KubeApiError, type KubeObject } from "../kube-api";
import type { Layout } from "../layout";

interface NamedObject {
  readonly metadata: { readonly name: string };
  readonly data?: Readonly<Record<string, string>>;
}

/**
 * Gives every namespace its `default` service account and the ConfigMap `kube-root-ca.crt`, in the place of
 * kube-controller-manager.
 */
export class NamespaceDefaults {
  private readonly ca: string;

  constructor(
    private readonly api: KubeApi,
    { kubernetes }: Layout,
  ) {
    this.ca = readFileSync(kubernetes.ca, "utf8");
  }

  async reconcile(): Promise<void> {
    const namespaces = await this.api.list<KubeObject>("/api/v1/namespaces");
    for (const { metadata } of namespaces) {
      if (metadata.deletionTimestamp) continue;
      await this.ensure(metadata.name, "serviceaccounts", { metadata: { name: "default" } });
      await this.ensure(metadata.name, "configmaps", {
        metadata: { name: "kube-root-ca.crt" },
        data: { "ca.crt": this.ca },
      });
    }
  }

  private async ensure(namespace: string, resource: string, object: NamedObject): Promise<void> {
    const collection = `/api/v1/namespaces/${namespace}/${resource}`;
    if (await this.api.find(`${collection}/${object.metadata.name}`)) return;
    try {
      await this.api.create(collection, object);
    } catch (error) {
      // The namespace may have gone, or somebody else may have been quicker.
      if (!(error instanceof KubeApiError && [403, 404, 409].includes(error.status))) throw error;
    }
  }
}
