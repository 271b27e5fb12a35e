import { AZURE } from "../../../sandbox/servers/azure-server";
import type { Layout } from "../../../sandbox/servers/layout";

type Section = Readonly<Record<string, unknown>>;

/** What differs from the sandbox's usual stack, section by section. */
export interface Overrides {
  readonly vault?: Section;
  readonly kubernetes?: Section;
  readonly flux?: Section;
}

/** The config of a stack like `dev`, for a sandbox on other ports. */
export function devConfig(
  layout: Layout,
  { vault = {}, kubernetes = {}, flux = {} }: Overrides = {},
): Section {
  const { kubeconfig, address, ca } = layout.kubernetes;
  // Where and how Vault finds the API server is refused where Vault has no use for it.
  const forReview = isJwt(vault.auth) ? {} : { host: address, ca: { file: ca } };
  return {
    "sopsloop:vault": {
      address: layout.vault.address,
      ca: { file: layout.vault.ca },
      auth: { method: "kubernetes", reviewer: { mode: "token" } },
      audit: { path: layout.vault.audit },
      ...vault,
    },
    "sopsloop:kubernetes": { kubeconfig, ...forReview, ...kubernetes },
    "sopsloop:flux": {
      version: "2.9",
      decryptors: { default: { namespace: "flux-system", serviceAccount: "kustomize-controller" } },
      source: { url: layout.git.url },
      kustomizations: { apps: { path: "./apps", decryptor: "default" } },
      ...flux,
    },
  };
}

/** The same with JWT auth through the cluster's issuer. */
export function jwtAuth(layout: Layout): Section {
  return {
    auth: {
      method: "jwt",
      keys: { discovery: layout.kubernetes.address, ca: { file: layout.kubernetes.ca } },
    },
  };
}

function isJwt(auth: unknown): boolean {
  return typeof auth === "object" && auth !== null && Reflect.get(auth, "method") === "jwt";
}

/** The GitLab half, against the sandbox's projects: what Pulumi.dev.yaml has. */
export function withGitLab(layout: Layout): Section {
  return {
    "sopsloop:gitlab": {
      address: layout.gitlab.address,
      ca: { file: layout.gitlab.ca },
      project: "platform/deploy",
      app: { project: "platform/app", environment: "sandbox", into: "apps/app", namespace: "default" },
      receiver: { url: layout.flux.receiver },
    },
  };
}

/** The Azure half, with the relay in the cluster, against the sandbox's emulator: what Pulumi.dev.yaml has. */
export function withAzure(layout: Layout): Section {
  const { subscriptionId, tenantId, location, clientAddress, resourceGroups } = AZURE;
  const [resourceGroup] = resourceGroups;
  return {
    "sopsloop:azure": {
      ...{ subscriptionId, tenantId, location, resourceGroup },
      name: "sops-dev",
      tags: { environment: "dev", owner: "platform" },
      vaults: { weu: { name: "kv-sops-dev" } },
      network: { allowedIps: [clientAddress] },
      diagnostics: {
        workspaceId: `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}/providers/Microsoft.OperationalInsights/workspaces/logs`,
      },
      flux: { issuer: layout.kubernetes.address },
      relay: {
        url: layout.ingress.address,
        deployment: { image: `registry.example.com/sopsloop@sha256:${"0".repeat(64)}` },
        storageAccount: "stsopsdev",
        secretsExpire: "2099-12-31",
      },
    },
  };
}
