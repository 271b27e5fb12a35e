import type { V1Deployment } from "@kubernetes/client-node";
import { controllerImage } from "./controllers";
import { Pod, type PodContext, type PodState } from "./pod";
import type { PodImage } from "./pod-image";
import { RELAY } from "./relay-image";

/** API path of what the kubelet's stand-in looks at. */
export const DEPLOYMENTS = "/apis/apps/v1/deployments";

const FLUX = "flux-system";

/**
 * Runs Deployments as host processes, in the place of the deployment controller, the scheduler and the kubelet. Only
 * the known controllers of Flux, by their names in its namespace, and the relay; everything else stays without pods.
 */
export class Kubelet {
  private readonly pods = new Map<string, Pod>();

  constructor(private readonly context: PodContext) {}

  async reconcile(): Promise<void> {
    const deployments = (await this.context.api.list<V1Deployment>(DEPLOYMENTS)).filter(wanted);
    const keys = new Set(deployments.map(keyOf));
    for (const [key, pod] of this.pods) {
      if (keys.has(key)) continue;
      await pod.stop();
      this.pods.delete(key);
    }
    await Promise.all(deployments.map((deployment) => this.reconcileOne(deployment)));
  }

  /** Ends every process. */
  async stop(): Promise<void> {
    await Promise.all([...this.pods.values()].map((pod) => pod.stop()));
    this.pods.clear();
  }

  private async reconcileOne(deployment: V1Deployment): Promise<void> {
    const key = keyOf(deployment);
    const { namespace = "", name = "" } = deployment.metadata ?? {};
    const image = imageOf(deployment);
    if (!image) return;
    let pod = this.pods.get(key);
    if (!pod) {
      pod = new Pod(this.context, image, namespace, name);
      this.pods.set(key, pod);
      // What the status says is left from an earlier life.
      await this.report(deployment, { ready: false, message: "starting" });
    }
    await this.report(deployment, await pod.reconcile(deployment));
  }

  private async report(deployment: V1Deployment, { ready, message }: PodState): Promise<void> {
    const { namespace, name, generation = 0 } = deployment.metadata ?? {};
    const count = ready ? 1 : 0;
    const condition = deployment.status?.conditions?.find(({ type }) => type === "Available");
    const { observedGeneration, readyReplicas = 0 } = deployment.status ?? {};
    if (
      observedGeneration === generation &&
      readyReplicas === count &&
      (condition?.message ?? "") === message
    )
      return;
    const status = {
      observedGeneration: generation,
      replicas: 1,
      updatedReplicas: 1,
      readyReplicas: count,
      availableReplicas: count,
      unavailableReplicas: 1 - count,
      conditions: [
        {
          type: "Available",
          status: ready ? "True" : "False",
          reason: ready ? "MinimumReplicasAvailable" : "MinimumReplicasUnavailable",
          message,
          lastTransitionTime: new Date().toISOString(),
          lastUpdateTime: new Date().toISOString(),
        },
      ],
    };
    await this.context.api.merge(`/apis/apps/v1/namespaces/${namespace}/deployments/${name}/status`, {
      status,
    });
  }
}

function wanted(deployment: V1Deployment): boolean {
  const { metadata, spec } = deployment;
  return (
    metadata?.deletionTimestamp === undefined && spec?.replicas !== 0 && imageOf(deployment) !== undefined
  );
}

function imageOf({ metadata }: V1Deployment): PodImage | undefined {
  const { namespace, name = "" } = metadata ?? {};
  if (namespace === FLUX) return controllerImage(name);
  return name === RELAY.name ? RELAY : undefined;
}

function keyOf({ metadata }: V1Deployment): string {
  return `${metadata?.namespace}/${metadata?.name}`;
}
