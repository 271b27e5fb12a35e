import { changed, maker } from "./resources";
import { ADDRESS } from "./vault";

export const kustomization = maker("kubernetes:kustomize.toolkit.fluxcd.io/v1:Kustomization", {
  metadata: { name: "apps", namespace: "flux-system" },
  spec: {
    sourceRef: { kind: "GitRepository", name: "deploy", namespace: "flux-system" },
    path: "./apps",
    interval: "10m",
    prune: true,
    wait: true,
    timeout: "3m",
    decryption: { provider: "sops", serviceAccountName: "kustomize-controller" },
  },
});

export const gitRepository = maker("kubernetes:source.toolkit.fluxcd.io/v1:GitRepository", {
  metadata: { name: "deploy", namespace: "flux-system" },
  spec: { url: "https://git.example.com/team/deploy.git", ref: { branch: "main" }, interval: "1m" },
});

export const receiver = maker("kubernetes:notification.toolkit.fluxcd.io/v1:Receiver", {
  metadata: { name: "sopsloop", namespace: "flux-system" },
  spec: {
    type: "gitlab",
    events: ["Push Hook"],
    secretRef: { name: "sopsloop-receiver" },
    resources: [{ apiVersion: "source.toolkit.fluxcd.io/v1", kind: "GitRepository", name: "deploy" }],
  },
});

export const alertProvider = maker("kubernetes:notification.toolkit.fluxcd.io/v1beta3:Provider", {
  metadata: { name: "sopsloop", namespace: "flux-system" },
  spec: { type: "slack", secretRef: { name: "sopsloop-webhook" } },
});

const container = {
  name: "manager",
  args: ["--watch-all-namespaces=true", "--sops-vault-configmap=sopsloop-vault"],
  env: [
    { name: "SOPS_HC_VAULT_ALLOWLIST", value: `${ADDRESS}/` },
    { name: "VAULT_CACERT", value: "/etc/vault-ca/ca.pem" },
  ],
};

const controllerPatch = maker("kubernetes:apps/v1:DeploymentPatch", {
  metadata: { name: "kustomize-controller", namespace: "flux-system" },
  spec: { template: { spec: { containers: [container] } } },
});

/** The patch of kustomize-controller with a change of its one container. */
export function controller(change: Readonly<Record<string, unknown>> = {}) {
  return controllerPatch({ "spec.template.spec.containers": [changed(container, change)] });
}

export const CONTROLLER_ENV = container.env;
