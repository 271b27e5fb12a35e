import type { V1Deployment, V1PersistentVolumeClaim } from "@kubernetes/client-node";
import { type KubeApi, KubeApiError } from "../kube-api";

/** API path of what is looked at. */
export const CLAIMS = "/api/v1/persistentvolumeclaims";
const FINALIZER = "kubernetes.io/pvc-protection";

/** Lets a claim that is being deleted go once nothing mounts it, in the place of kube-controller-manager. */
export class ClaimProtection {
  constructor(private readonly api: KubeApi) {}

  async reconcile(): Promise<void> {
    const claims = await this.api.list<V1PersistentVolumeClaim>(CLAIMS);
    for (const claim of claims.filter(({ metadata }) => metadata?.deletionTimestamp !== undefined)) {
      if (!(await this.isMounted(claim))) await this.release(claim);
    }
  }

  private async isMounted({ metadata }: V1PersistentVolumeClaim): Promise<boolean> {
    const path = `/apis/apps/v1/namespaces/${metadata?.namespace}/deployments`;
    return (await this.api.list<V1Deployment>(path)).some(({ spec }) =>
      spec?.template.spec?.volumes?.some(
        ({ persistentVolumeClaim }) => persistentVolumeClaim?.claimName === metadata?.name,
      ),
    );
  }

  private async release({ metadata }: V1PersistentVolumeClaim): Promise<void> {
    const path = `/api/v1/namespaces/${metadata?.namespace}/persistentvolumeclaims/${metadata?.name}`;
    const finalizers = (metadata?.finalizers ?? []).filter((each) => each !== FINALIZER);
    await this.api.merge(path, { metadata: { finalizers } }).catch((error: unknown) => {
      if (!(error instanceof KubeApiError && error.status === 404)) throw error;
    });
  }
}
