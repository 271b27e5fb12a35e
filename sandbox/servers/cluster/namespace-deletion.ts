import { type KubeApi, KubeApiError, type KubeObject } from "../kube-api";

interface Namespace extends KubeObject {
  readonly spec?: { readonly finalizers?: readonly string[] };
}

interface ResourceList {
  readonly resources: readonly {
    readonly name: string;
    readonly namespaced: boolean;
    readonly verbs: readonly string[];
  }[];
}

interface GroupList {
  readonly groups: readonly { readonly preferredVersion: { readonly groupVersion: string } }[];
}

/**
 * Empties a namespace that is being deleted and then lets it go, in the place of kube-controller-manager. Objects with
 * finalizers of their own hold it up until whoever set those has removed them.
 */
export class NamespaceDeletion {
  constructor(private readonly api: KubeApi) {}

  async reconcile(): Promise<void> {
    for (const namespace of await this.api.list<Namespace>("/api/v1/namespaces")) {
      if (namespace.metadata.deletionTimestamp) await this.finish(namespace);
    }
  }

  private async finish(namespace: Namespace): Promise<void> {
    const { name } = namespace.metadata;
    for (const collection of await this.collections(name)) {
      const objects = await this.api.list(collection);
      for (const { metadata } of objects) {
        if (!metadata.deletionTimestamp) await this.api.delete(`${collection}/${metadata.name}`);
      }
    }
    // Looked at again: what is left now waits for its finalizers.
    for (const collection of await this.collections(name)) {
      if ((await this.api.list(collection)).length > 0) return;
    }
    const released = { ...namespace, spec: { ...namespace.spec, finalizers: [] } };
    await this.api.replace(`/api/v1/namespaces/${name}/finalize`, released).catch((error: unknown) => {
      if (!(error instanceof KubeApiError && [404, 409].includes(error.status))) throw error;
    });
  }

  /** API paths of everything that can be in the namespace. */
  private async collections(namespace: string): Promise<string[]> {
    const groups = (await this.api.find<GroupList>("/apis"))?.groups ?? [];
    const roots = ["/api/v1", ...groups.map((group) => `/apis/${group.preferredVersion.groupVersion}`)];
    const lists = await Promise.all(
      roots.map(async (root) => {
        const found = await this.api.find<ResourceList>(root);
        return (found?.resources ?? [])
          .filter(({ namespaced, verbs }) => namespaced && verbs.includes("list") && verbs.includes("delete"))
          .map(({ name }) => `${root}/namespaces/${namespace}/${name}`);
      }),
    );
    return lists.flat();
  }
}
