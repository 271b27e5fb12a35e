import { expect, test } from "vitest";
import {
  FluxDecryption,
  type FluxDecryptionArgs,
  vaultInstances,
} from "../../../components/flux/flux-decryption";
import { childrenOf, outputsOf } from "../harness";

const args: FluxDecryptionArgs = {
  namespace: "flux-system",
  version: { major: 2, minor: 9 },
  installation: "cli",
  address: "https://vault.example.com:8200",
  loginPath: "auth/kubernetes/login",
  caPem: "ca-pem",
  decryptors: {
    default: { namespace: "flux-system", serviceAccount: "kustomize-controller", createNamespace: false },
  },
};
const named = (lines: readonly string[]) => lines.map((line) => line.split(" ").slice(0, 2).join(" "));

test("for the controller's own account: config, CA, grant and patch, and no account", async () => {
  expect(await childrenOf(() => new FluxDecryption("flux", args))).toMatchInlineSnapshot(`
    [
      "kubernetes:apps/v1:DeploymentPatch flux-controller {"apiVersion":"apps/v1","kind":"Deployment","metadata":{"annotations":{"pulumi.com/patchForce":"true"},"name":"kustomize-controller","namespace":"flux-system"},"spec":{"template":{"spec":{"containers":[{"args":["--events-addr=http://notification-controller.flux-system.svc.cluster.local./","--watch-all-namespaces=true","--log-level=info","--log-encoding=json","--enable-leader-election","--sops-vault-configmap=sopsloop-vault","--feature-gates=ObjectLevelWorkloadIdentity=true"],"env":[{"name":"SOPS_HC_VAULT_ALLOWLIST","value":"https://vault.example.com:8200/"},{"name":"VAULT_CACERT","value":"/etc/vault-ca/ca.pem"}],"name":"manager","volumeMounts":[{"mountPath":"/etc/vault-ca","name":"vault-ca","readOnly":true}]}],"volumes":[{"configMap":{"name":"sopsloop-vault-ca"},"name":"vault-ca"}]}}}}",
      "kubernetes:core/v1:ConfigMap flux-vault {"apiVersion":"v1","data":{"config.yaml":"instances:\\n  - address: https://vault.example.com:8200\\n    loginPath: auth/kubernetes/login\\n"},"kind":"ConfigMap","metadata":{"name":"sopsloop-vault","namespace":"flux-system"}}",
      "kubernetes:core/v1:ConfigMap flux-vault-ca {"apiVersion":"v1","data":{"ca.pem":"ca-pem"},"kind":"ConfigMap","metadata":{"name":"sopsloop-vault-ca","namespace":"flux-system"}}",
      "kubernetes:rbac.authorization.k8s.io/v1:Role flux-token-flux-system {"apiVersion":"rbac.authorization.k8s.io/v1","kind":"Role","metadata":{"name":"sopsloop-decryption-token","namespace":"flux-system"},"rules":[{"apiGroups":[""],"resourceNames":["kustomize-controller"],"resources":["serviceaccounts/token"],"verbs":["create"]}]}",
      "kubernetes:rbac.authorization.k8s.io/v1:RoleBinding flux-token-binding-flux-system {"apiVersion":"rbac.authorization.k8s.io/v1","kind":"RoleBinding","metadata":{"name":"sopsloop-decryption-token","namespace":"flux-system"},"roleRef":{"apiGroup":"rbac.authorization.k8s.io","kind":"Role","name":"sopsloop-decryption-token"},"subjects":[{"kind":"ServiceAccount","name":"kustomize-controller","namespace":"flux-system"}]}",
    ]
  `);
});

test("another decryptor gets an account that no pod can use, and its namespace where asked", async () => {
  const decryptors = {
    apps: { namespace: "apps", serviceAccount: "sops", createNamespace: true },
    jobs: { namespace: "apps", serviceAccount: "jobs", createNamespace: true },
    team: { namespace: "team", serviceAccount: "sops", createNamespace: false },
  };
  const lines = await childrenOf(() => new FluxDecryption("flux", { ...args, decryptors, caPem: undefined }));
  expect(lines.filter((line) => !line.includes("DeploymentPatch"))).toMatchInlineSnapshot(`
    [
      "kubernetes:core/v1:ConfigMap flux-vault {"apiVersion":"v1","data":{"config.yaml":"instances:\\n  - address: https://vault.example.com:8200\\n    loginPath: auth/kubernetes/login\\n"},"kind":"ConfigMap","metadata":{"name":"sopsloop-vault","namespace":"flux-system"}}",
      "kubernetes:core/v1:Namespace flux-namespace-apps retained {"apiVersion":"v1","kind":"Namespace","metadata":{"name":"apps"}}",
      "kubernetes:core/v1:ServiceAccount flux-account-apps_jobs {"apiVersion":"v1","automountServiceAccountToken":false,"kind":"ServiceAccount","metadata":{"name":"jobs","namespace":"apps"}}",
      "kubernetes:core/v1:ServiceAccount flux-account-apps_sops {"apiVersion":"v1","automountServiceAccountToken":false,"kind":"ServiceAccount","metadata":{"name":"sops","namespace":"apps"}}",
      "kubernetes:core/v1:ServiceAccount flux-account-team_sops {"apiVersion":"v1","automountServiceAccountToken":false,"kind":"ServiceAccount","metadata":{"name":"sops","namespace":"team"}}",
      "kubernetes:rbac.authorization.k8s.io/v1:Role flux-token-apps {"apiVersion":"rbac.authorization.k8s.io/v1","kind":"Role","metadata":{"name":"sopsloop-decryption-token","namespace":"apps"},"rules":[{"apiGroups":[""],"resourceNames":["jobs","sops"],"resources":["serviceaccounts/token"],"verbs":["create"]}]}",
      "kubernetes:rbac.authorization.k8s.io/v1:Role flux-token-team {"apiVersion":"rbac.authorization.k8s.io/v1","kind":"Role","metadata":{"name":"sopsloop-decryption-token","namespace":"team"},"rules":[{"apiGroups":[""],"resourceNames":["sops"],"resources":["serviceaccounts/token"],"verbs":["create"]}]}",
      "kubernetes:rbac.authorization.k8s.io/v1:RoleBinding flux-token-binding-apps {"apiVersion":"rbac.authorization.k8s.io/v1","kind":"RoleBinding","metadata":{"name":"sopsloop-decryption-token","namespace":"apps"},"roleRef":{"apiGroup":"rbac.authorization.k8s.io","kind":"Role","name":"sopsloop-decryption-token"},"subjects":[{"kind":"ServiceAccount","name":"kustomize-controller","namespace":"flux-system"}]}",
      "kubernetes:rbac.authorization.k8s.io/v1:RoleBinding flux-token-binding-team {"apiVersion":"rbac.authorization.k8s.io/v1","kind":"RoleBinding","metadata":{"name":"sopsloop-decryption-token","namespace":"team"},"roleRef":{"apiGroup":"rbac.authorization.k8s.io","kind":"Role","name":"sopsloop-decryption-token"},"subjects":[{"kind":"ServiceAccount","name":"kustomize-controller","namespace":"flux-system"}]}",
    ]
  `);
});

test.each(["bootstrap", "operator"] as const)(
  "%s: the patch is rendered and not applied",
  async (installation) => {
    const make = () => new FluxDecryption("flux", { ...args, installation });
    expect(named(await childrenOf(make))).toEqual([
      "kubernetes:core/v1:ConfigMap flux-vault",
      "kubernetes:core/v1:ConfigMap flux-vault-ca",
      "kubernetes:rbac.authorization.k8s.io/v1:Role flux-token-flux-system",
      "kubernetes:rbac.authorization.k8s.io/v1:RoleBinding flux-token-binding-flux-system",
    ]);
    const { patches } = await outputsOf(make);
    expect(patches).toHaveLength(1);
  },
);

test("further flags reach the controller, and add no resource", async () => {
  const make = () => new FluxDecryption("flux", { ...args, controllerArgs: ["--concurrent=10"] });
  const [patch = "", ...others] = await childrenOf(make);
  const [before, ...same] = await childrenOf(() => new FluxDecryption("flux", args));
  const last = '"--feature-gates=ObjectLevelWorkloadIdentity=true"';
  expect(patch).toBe(before?.replace(last, `${last},"--concurrent=10"`));
  expect(others).toEqual(same);
});

test("registers the ConfigMap's name, and in preview nothing less", async () => {
  const make = () => new FluxDecryption("flux", args);
  expect(await outputsOf(make)).toEqual({ vaultConfigMap: "sopsloop-vault", patches: [] });
  expect(await childrenOf(make, { preview: true })).toEqual(await childrenOf(make));
});

test("lists one server, with nothing but what Flux reads", () => {
  expect(vaultInstances(args.address, "auth/kubernetes/login")).toMatchInlineSnapshot(`
    "instances:
      - address: https://vault.example.com:8200
        loginPath: auth/kubernetes/login
    "
  `);
});
