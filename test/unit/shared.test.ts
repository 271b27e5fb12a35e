import { expect, test, vi } from "vitest";
import { type FluxLoginOptions, fluxLogin } from "../../components/flux-login";
import type { SopsPolicies } from "../../components/vault/sops-policies";
import { RELAY_IN_CLUSTER, smallestAzure } from "./azure/sample";
import { parse } from "./config/parsing";
import { sampleConfig, sampleWith } from "./config/sample";
import { gitlabConfig, PROJECTS } from "./gitlab/sample";
import { lineOf } from "./harness";
import { runProgram } from "./program";
import { NOTHING } from "./vault/take-overs";

// The program is loaded anew in each of them.
vi.setConfig({ testTimeout: 60_000 });

const options = {
  gitlab: PROJECTS,
  vault: { "sys/auth": { "kubernetes/": { description: "the other stack's" } } },
};

/** A second environment: its own key, accounts, source and login of GitLab's, beside the first one's Flux. */
function secondConfig(base: Record<string, unknown> = sampleConfig()): Record<string, unknown> {
  const { vault, flux, gitlab } = base as { vault: object; flux: object; gitlab?: object };
  return {
    ...base,
    vault: { ...vault, transit: { mount: "transit-prod" } },
    flux: {
      ...flux,
      installation: "shared",
      decryptors: { apps: { namespace: "apps-prod", serviceAccount: "sops" } },
      source: { name: "deploy-prod", url: "https://git.example.com/team/deploy-prod.git" },
      kustomizations: { "apps-prod": { path: "./apps", decryptor: "apps" } },
      alerts: { type: "slack" },
    },
    alertAddress: "https://hooks.example.com/x",
    ...(gitlab && { gitlab: { ...gitlab, authMount: "gitlab-prod" } }),
  };
}

test("a second environment makes nothing of the controller's, and roles only of the login", async () => {
  const { children, exported } = await runProgram(secondConfig(), options);
  const made = children.filter(({ parent }) => parent.includes("sopsloop:"));
  expect(made.map(lineOf)).toMatchInlineSnapshot(`
    [
      "kubernetes:core/v1:Secret flux-webhook {"apiVersion":"v1","data":{"secret":{"address":"aHR0cHM6Ly9ob29rcy5leGFtcGxlLmNvbS94"}},"kind":"Secret","metadata":{"name":"sopsloop-deploy-prod-webhook","namespace":"flux-system"}}",
      "kubernetes:notification.toolkit.fluxcd.io/v1beta3:Alert flux-alert {"apiVersion":"notification.toolkit.fluxcd.io/v1beta3","kind":"Alert","metadata":{"name":"sopsloop-deploy-prod","namespace":"flux-system"},"spec":{"eventSeverity":"error","eventSources":[{"kind":"Kustomization","name":"*","namespace":"apps-prod"}],"providerRef":{"name":"sopsloop-deploy-prod"}}}",
      "kubernetes:notification.toolkit.fluxcd.io/v1beta3:Provider flux-provider {"apiVersion":"notification.toolkit.fluxcd.io/v1beta3","kind":"Provider","metadata":{"name":"sopsloop-deploy-prod","namespace":"flux-system"},"spec":{"secretRef":{"name":"sopsloop-deploy-prod-webhook"},"type":"slack"}}",
      "kubernetes:core/v1:ServiceAccount flux-account-apps-prod_sops {"apiVersion":"v1","automountServiceAccountToken":false,"kind":"ServiceAccount","metadata":{"name":"sops","namespace":"apps-prod"}}",
      "kubernetes:rbac.authorization.k8s.io/v1:Role flux-token-apps-prod {"apiVersion":"rbac.authorization.k8s.io/v1","kind":"Role","metadata":{"name":"sopsloop-decryption-token","namespace":"apps-prod"},"rules":[{"apiGroups":[""],"resourceNames":["sops"],"resources":["serviceaccounts/token"],"verbs":["create"]}]}",
      "kubernetes:rbac.authorization.k8s.io/v1:RoleBinding flux-token-binding-apps-prod {"apiVersion":"rbac.authorization.k8s.io/v1","kind":"RoleBinding","metadata":{"name":"sopsloop-decryption-token","namespace":"apps-prod"},"roleRef":{"apiGroup":"rbac.authorization.k8s.io","kind":"Role","name":"sopsloop-decryption-token"},"subjects":[{"kind":"ServiceAccount","name":"kustomize-controller","namespace":"flux-system"}]}",
      "kubernetes:kustomize.toolkit.fluxcd.io/v1:Kustomization deploy-kustomization-apps-prod {"apiVersion":"kustomize.toolkit.fluxcd.io/v1","kind":"Kustomization","metadata":{"name":"apps-prod","namespace":"apps-prod"},"spec":{"decryption":{"provider":"sops","serviceAccountName":"sops"},"interval":"10m","path":"./apps","prune":true,"sourceRef":{"kind":"GitRepository","name":"deploy-prod","namespace":"flux-system"},"timeout":"3m","wait":true}}",
      "kubernetes:source.toolkit.fluxcd.io/v1:GitRepository deploy-source {"apiVersion":"source.toolkit.fluxcd.io/v1","kind":"GitRepository","metadata":{"name":"deploy-prod","namespace":"flux-system"},"spec":{"interval":"1m","ref":{"branch":"main"},"url":"https://git.example.com/team/deploy-prod.git"}}",
      "vault:kubernetes/authBackendRole:AuthBackendRole flux-role-apps-prod_sops {"audience":"https://vault.example.com:443","backend":"kubernetes","boundServiceAccountNames":["sops"],"boundServiceAccountNamespaces":["apps-prod"],"roleName":"apps-prod_sops","tokenNoDefaultPolicy":true,"tokenPolicies":["transit-prod-sops-flux-decrypt"],"tokenTtl":600,"tokenType":"batch"}",
      "vault:index/policy:Policy sops-decrypt {"name":"transit-prod-sops-flux-decrypt","policy":"path \\"transit-prod/decrypt/sops\\" {\\n  capabilities = [\\"update\\"]\\n}\\n"}",
      "vault:index/policy:Policy sops-pipeline {"name":"transit-prod-sops-pipeline","policy":"path \\"transit-prod/encrypt/sops\\" {\\n  capabilities = [\\"update\\"]\\n}\\n\\npath \\"transit-prod/rewrap/sops\\" {\\n  capabilities = [\\"update\\"]\\n}\\n"}",
      "vault:index/policy:Policy sops-status {"name":"transit-prod-sops-status","policy":"path \\"transit-prod/keys/sops\\" {\\n  capabilities = [\\"read\\"]\\n}\\n"}",
      "vault:generic/endpoint:Endpoint sops-mount-settings {"dataJson":{"secret":"{\\"disable_upsert\\":true}"},"disableDelete":true,"ignoreAbsentFields":true,"path":"transit-prod/config/keys"}",
      "vault:index/mount:Mount sops-mount protected {"description":"Made by sopsloop, stack sopsloop/test","path":"transit-prod","type":"transit"}",
      "vault:transit/secretBackendKey:SecretBackendKey sops-key protected {"allowPlaintextBackup":false,"autoRotatePeriod":7776000,"backend":"transit-prod","deletionAllowed":false,"exportable":false,"minDecryptionVersion":1,"name":"sops","type":"aes256-gcm96"}",
    ]
  `);
  expect(exported).toMatchObject({ fluxPatches: "", loginPath: "auth/kubernetes/login" });
});

test("nothing that it makes has a name that the first one has", async () => {
  const { deployment, ...relay } = RELAY_IN_CLUSTER;
  const azure = (namespace?: string) =>
    smallestAzure({ relay: { ...relay, deployment: { ...deployment, namespace } } });
  const first = await runProgram({ ...gitlabConfig(), azure: azure() }, { gitlab: PROJECTS });
  const second = await runProgram(
    { ...secondConfig(gitlabConfig()), azure: azure("sopsloop-relay-prod") },
    options,
  );
  /** What a server knows an object by. GitLab's belong to one project each. */
  const names = ({ children }: Awaited<ReturnType<typeof runProgram>>) =>
    children.flatMap(({ type, inputs }) => {
      const { namespace, name } = (inputs.metadata ?? {}) as { namespace?: string; name?: string };
      const path = [inputs.backend, inputs.path, inputs.roleName, inputs.name].filter(
        (part) => typeof part === "string",
      );
      if (type.startsWith("kubernetes:")) return [`${type} ${namespace ?? ""}/${name}`];
      return type.startsWith("vault:") ? [`${type} ${path.join("/")}`] : [];
    });
  const known = new Set(names(first));
  expect(known).toContain("kubernetes:apps/v1:Deployment sopsloop-relay/sopsloop-relay");
  expect(names(second).filter((name) => known.has(name))).toEqual([]);
});

test("the first one's network policies let through what the second one needs", async () => {
  const endpoint = { cidr: "10.0.0.0/8", port: 443 };
  const networkPolicies = { apiServer: endpoint, vault: endpoint, git: endpoint };
  const policiesOf = async (more: object) => {
    const config = sampleWith("flux.networkPolicies", { ...networkPolicies, ...more });
    const { children } = await runProgram(config);
    return children
      .filter(({ type }) => type.endsWith(":NetworkPolicy"))
      .map(({ inputs }) => (inputs.metadata as { name: string }).name)
      .sort();
  };
  const own = await policiesOf({});
  const anywhere = { cidr: "0.0.0.0/0", port: 443 };
  const shared = await policiesOf({
    allow: { kustomizeController: [anywhere], notificationController: [anywhere] },
    webhooks: true,
  });
  expect(own).toEqual(
    ["api-server", "default-deny", "dns", "git", "internal", "vault"].map((name) => `sopsloop-${name}`),
  );
  expect(shared.filter((name) => !own.includes(name))).toEqual([
    "sopsloop-allow-kustomize-controller",
    "sopsloop-allow-notification-controller",
    "sopsloop-receiver",
  ]);
});

test("without the first one's login there is nothing to log in by", () => {
  const parsed = parse(secondConfig());
  if (!parsed.ok) throw new Error("the sample is no config");
  const { alertAddress: _, gitlabVariables: __, relayReadToken: ___, ...config } = parsed.settings;
  // It does not come to look at anything else.
  const login = () => fluxLogin(config, {} as SopsPolicies, NOTHING, {} as FluxLoginOptions);
  expect(login).toThrow(
    "sopsloop:vault.auth.mount: is kubernetes, where no auth method is; name the one that the stack that patches Flux has made, and run that stack first",
  );
});
