import { dirname } from "node:path";
import type { Kubectl } from "../kubernetes/kubectl";
import { type Controller, Fault } from "./probe";

interface Deployment {
  readonly metadata: { readonly namespace: string; readonly name: string };
  readonly spec: {
    readonly template: {
      readonly spec: {
        readonly serviceAccountName?: string;
        readonly volumes?: readonly {
          readonly name: string;
          readonly configMap?: { readonly name: string };
        }[];
        readonly containers: readonly {
          readonly image: string;
          readonly args?: readonly string[];
          readonly env?: readonly { readonly name: string; readonly value?: string }[];
          readonly volumeMounts?: readonly { readonly name: string; readonly mountPath: string }[];
        }[];
      };
    };
  };
  readonly status?: { readonly availableReplicas?: number };
}

const LABEL = "app.kubernetes.io/component=kustomize-controller";

/** @throws Fault where the cluster has none. */
export async function controllerOf(kubectl: Kubectl): Promise<Controller> {
  const list = await kubectl.get<{ readonly items: readonly Deployment[] }>([
    "deployments",
    "--all-namespaces",
    `--selector=${LABEL}`,
  ]);
  const [deployment] = list?.items ?? [];
  const pod = deployment?.spec.template.spec;
  const [container] = pod?.containers ?? [];
  if (!deployment || !pod || !container)
    throw new Fault("the cluster has no kustomize-controller", "flux check; flux install");
  return {
    ...deployment.metadata,
    serviceAccount: pod.serviceAccountName ?? "default",
    image: container.image,
    args: container.args ?? [],
    env: Object.fromEntries((container.env ?? []).map(({ name, value }) => [name, value ?? ""])),
    configMapOf: (path) => {
      const mount = container.volumeMounts?.find(({ mountPath }) => mountPath === dirname(path));
      return pod.volumes?.find(({ name }) => name === mount?.name)?.configMap?.name;
    },
    available: deployment.status?.availableReplicas ?? 0,
  };
}
