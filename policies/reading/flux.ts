import type { Reader } from "../values/reader";
import type { Stack } from "../values/stack";
import type { Subject } from "../values/subject";
import { containersOf, podOf } from "./kubernetes";

export const KUSTOMIZATION = "kubernetes:kustomize.toolkit.fluxcd.io:Kustomization";
export const GIT_REPOSITORY = "kubernetes:source.toolkit.fluxcd.io:GitRepository";
export const RECEIVER = "kubernetes:notification.toolkit.fluxcd.io:Receiver";
export const PROVIDER = "kubernetes:notification.toolkit.fluxcd.io:Provider";

/** Where kustomize-controller is started, or how its Deployment is changed. */
export const CONTROLLERS = ["kubernetes:apps:Deployment", "kubernetes:apps:DeploymentPatch"];

/** The containers of kustomize-controller; none where the workload is another. */
export function controllerContainers(workload: Subject): readonly Reader[] {
  if (workload.text("metadata.name") !== "kustomize-controller") return [];
  return containersOf(podOf(workload));
}

/** The value of a variable of a container, where it is written out. */
export function variable(container: Reader, name: string): Reader | undefined {
  return container
    .list("env")
    .find((each) => each.text("name") === name)
    ?.at("value");
}

/** The flag's value in `--name=value`. */
export function flagOf(container: Reader, name: string): string | undefined {
  const prefix = `--${name}=`;
  return container
    .texts("args")
    .find((each) => each.startsWith(prefix))
    ?.slice(prefix.length);
}

/** Patches of kustomize-controller that make it log in to Vault. */
export function vaultControllers(stack: Stack): readonly Subject[] {
  return stack
    .ofType(...CONTROLLERS)
    .filter((workload) =>
      controllerContainers(workload).some(
        (container) => flagOf(container, "sops-vault-configmap") !== undefined,
      ),
    );
}
