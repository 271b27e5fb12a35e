import type { LiveLoop } from "../live-loop";
import { KUSTOMIZATION } from "../verified-loop";
import type { Planted } from "./planted";

const RBAC = "rbac.authorization.k8s.io";
const JANE = { kind: "User", name: "jane", apiGroup: RBAC };
const MALLORY = { kind: "ServiceAccount", name: "mallory", namespace: "default" };

interface Rule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
}

/** A role with these rules for somebody, in a namespace or everywhere. */
function given(rules: readonly Rule[], subject: object, namespace?: string): Pick<Planted, "plant" | "heal"> {
  const [role, binding] =
    namespace === undefined ? ["ClusterRole", "ClusterRoleBinding"] : ["Role", "RoleBinding"];
  const metadata = { name: "planted", ...(namespace !== undefined && { namespace }) };
  const apiVersion = `${RBAC}/v1`;
  const roleRef = { apiGroup: RBAC, kind: role, name: "planted" };
  return {
    plant: async (loop) => {
      await loop.apply({ apiVersion, kind: role, metadata, rules });
      await loop.apply({ apiVersion, kind: binding, metadata, roleRef, subjects: [subject] });
    },
    heal: async (loop) => {
      const place = namespace === undefined ? [] : [`--namespace=${namespace}`];
      for (const kind of [binding, role]) await loop.kubectl("delete", kind, "planted", ...place);
    },
  };
}

/** A binding to a role that is there. */
function bound(roleRef: object, subject: object, namespace?: string): Pick<Planted, "plant" | "heal"> {
  const kind = namespace === undefined ? "ClusterRoleBinding" : "RoleBinding";
  const metadata = { name: "planted", ...(namespace !== undefined && { namespace }) };
  const place = namespace === undefined ? [] : [`--namespace=${namespace}`];
  return {
    plant: (loop) =>
      loop.apply({
        apiVersion: `${RBAC}/v1`,
        kind,
        metadata,
        roleRef: { apiGroup: RBAC, ...roleRef },
        subjects: [subject],
      }),
    heal: (loop) => loop.kubectl("delete", kind, "planted", ...place),
  };
}

const clusterRole = (name: string) => ({ kind: "ClusterRole", name });

const patched = (
  kind: string,
  name: string,
  change: object,
  back: object,
): Pick<Planted, "plant" | "heal"> => ({
  plant: (loop) => loop.it.patch(kind, name, change),
  heal: (loop) => loop.it.patch(kind, name, back),
});

const variable = (name: string, value: string): Pick<Planted, "plant" | "heal"> => ({
  plant: (loop) => loop.it.patchController({ env: [{ name, value }] }),
  heal: (loop) => loop.it.patchController({ env: [{ name, $patch: "delete" }] }),
});

const NETWORK_POLICY = ["networkpolicy", "sopsloop-default-deny", "--namespace=flux-system"];
let networkPolicy: unknown;
let vaultConfig = "";

const vaultMap = (loop: LiveLoop, text: string) =>
  loop.it.patch("configmap", "sopsloop-vault", { data: { "config.yaml": text } });

/** Who can become an account that decrypts, and what Flux decrypts. */
export const IN_CLUSTER: readonly Planted[] = [
  {
    id: "kubernetes-token-request",
    how: "somebody else asks for the decryptor's tokens",
    where: "flux-system/rolebinding/planted",
    what: /ServiceAccount default\/mallory may have tokens of flux-system\/kustomize-controller.* made, by planted/,
    ...given(
      [{ apiGroups: [""], resources: ["serviceaccounts/token"], verbs: ["create"] }],
      MALLORY,
      "flux-system",
    ),
  },
  {
    id: "kubernetes-impersonates",
    how: "every user who is logged in acts as accounts",
    where: "clusterrolebinding/planted",
    what: /Group system:authenticated may act as flux-system\/kustomize-controller/,
    ...given([{ apiGroups: [""], resources: ["serviceaccounts"], verbs: ["impersonate"] }], {
      kind: "Group",
      name: "system:authenticated",
      apiGroup: RBAC,
    }),
  },
  {
    id: "kubernetes-runs-as-decryptor",
    how: "a CI account deploys into Flux's namespace",
    where: "flux-system/rolebinding/planted",
    what: /may run pods as flux-system\/kustomize-controller/,
    ...given([{ apiGroups: ["apps"], resources: ["deployments"], verbs: ["*"] }], MALLORY, "flux-system"),
  },
  {
    id: "kubernetes-runs-as-decryptor",
    how: "a user changes what the pods of a deployment run",
    where: "flux-system/rolebinding/planted",
    what: /User jane may run pods as flux-system\/kustomize-controller/,
    ...given([{ apiGroups: ["apps"], resources: ["deployments"], verbs: ["patch"] }], JANE, "flux-system"),
  },
  {
    id: "kubernetes-makes-token-secret",
    how: "a user makes Secrets, and so a token without an end",
    where: "flux-system/rolebinding/planted",
    what: /User jane may make Secrets with tokens of flux-system\/kustomize-controller/,
    ...given([{ apiGroups: [""], resources: ["secrets"], verbs: ["create"] }], JANE, "flux-system"),
  },
  {
    id: "kubernetes-steers-flux",
    how: "a user makes Kustomizations that decrypt",
    where: "flux-system/rolebinding/planted",
    what: /User jane may change kustomizations of flux-system/,
    ...given(
      [{ apiGroups: ["kustomize.toolkit.fluxcd.io"], resources: ["kustomizations"], verbs: ["create"] }],
      JANE,
      "flux-system",
    ),
  },
  {
    id: "kubernetes-steers-flux",
    how: "a user says where Flux takes the repository from",
    where: "flux-system/rolebinding/planted",
    what: /User jane may change gitrepositories of flux-system/,
    ...given(
      [{ apiGroups: ["source.toolkit.fluxcd.io"], resources: ["gitrepositories"], verbs: ["patch"] }],
      JANE,
      "flux-system",
    ),
  },
  {
    id: "kubernetes-deployer",
    how: "the deployer has what the documented roles say",
    where: "flux-system/rolebinding/sopsloop-deployer",
    what: /Group sopsloop:deployers is the deployer, by sopsloop-deployer-flux/,
    plant: (loop) => loop.kubectl("apply", "--filename=docs/deployer-clusterrole.yaml"),
    heal: (loop) => loop.kubectl("delete", "--filename=docs/deployer-clusterrole.yaml"),
  },
  {
    id: "kubernetes-escalates",
    how: "a user binds any role in Flux's namespace",
    where: "flux-system/rolebinding/planted",
    what: /User jane may give any right in flux-system/,
    ...given([{ apiGroups: [RBAC], resources: ["clusterroles"], verbs: ["bind"] }], JANE, "flux-system"),
  },
  {
    id: "kubernetes-escalates",
    how: "a default account is cluster-admin",
    where: "clusterrolebinding/planted",
    what: /ServiceAccount default\/default may give any right, by cluster-admin/,
    ...bound(clusterRole("cluster-admin"), { kind: "ServiceAccount", name: "default", namespace: "default" }),
  },
  {
    id: "kubernetes-reads-secrets",
    how: "a user reads Secrets of Flux's namespace",
    where: "flux-system/rolebinding/planted",
    what: /User jane may read Secrets of flux-system/,
    ...given([{ apiGroups: [""], resources: ["secrets"], verbs: ["get"] }], JANE, "flux-system"),
  },
  {
    id: "kubernetes-lasting-token",
    how: "the decryptor has a token without an end",
    where: "flux-system/secret/planted",
    what: /token of flux-system\/kustomize-controller/,
    plant: (loop) => {
      const annotations = { "kubernetes.io/service-account.name": "kustomize-controller" };
      const metadata = { name: "planted", namespace: "flux-system", annotations };
      return loop.apply({
        apiVersion: "v1",
        kind: "Secret",
        type: "kubernetes.io/service-account-token",
        metadata,
      });
    },
    heal: (loop) => loop.kubectl("delete", "secret", "planted", "--namespace=flux-system"),
  },
  {
    id: "kubernetes-reviewer-rights",
    how: "the reviewer may do more",
    where: "clusterrolebinding/planted",
    what: /flux-system\/vault-token-reviewer has view too/,
    ...bound(clusterRole("view"), {
      kind: "ServiceAccount",
      name: "vault-token-reviewer",
      namespace: "flux-system",
    }),
  },
  {
    id: "kubernetes-network-policy",
    how: "a network policy is gone",
    where: "flux-system/networkpolicies",
    what: /default-deny is gone/,
    plant: async (loop) => {
      const text = await loop.kubectl("get", ...NETWORK_POLICY, "--output=json");
      const { apiVersion, kind, metadata, spec } = JSON.parse(text) as Record<
        string,
        { name: string; namespace: string }
      >;
      networkPolicy = {
        apiVersion,
        kind,
        metadata: { name: metadata?.name, namespace: metadata?.namespace },
        spec,
      };
      await loop.kubectl("delete", ...NETWORK_POLICY);
    },
    heal: (loop) => loop.apply(networkPolicy as object),
  },
  {
    id: "flux-controller-changed",
    how: "the controller has a static token",
    where: "flux-system/deployment/kustomize-controller",
    what: /static VAULT_TOKEN/,
    ...variable("VAULT_TOKEN", "of no use"),
  },
  {
    id: "flux-vault-untrusted",
    how: "the controller does not look at Vault's certificate",
    where: "flux-system/deployment/kustomize-controller",
    what: /VAULT_SKIP_VERIFY is set/,
    ...variable("VAULT_SKIP_VERIFY", "true"),
  },
  {
    id: "flux-vault-address",
    how: "the controller is sent to another Vault",
    where: "flux-system/configmap/sopsloop-vault",
    what: /lists https:\/\/vault\.example\.com, not https:\/\/127\.0\.0\.1/,
    plant: async (loop) => {
      const path = "--output=jsonpath={.data.config\\.yaml}";
      vaultConfig = await loop.kubectl("get", "configmap", "sopsloop-vault", "--namespace=flux-system", path);
      await vaultMap(loop, vaultConfig.replace(/https:\/\/127\.0\.0\.1:\d+/, "https://vault.example.com"));
    },
    heal: (loop) => vaultMap(loop, vaultConfig),
  },
  {
    id: "flux-kustomization-undeclared",
    how: "another Kustomization decrypts as ours",
    where: "flux-system/kustomization/planted",
    what: /it decrypts as flux-system\/kustomize-controller/,
    plant: (loop) =>
      loop.apply({
        apiVersion: "kustomize.toolkit.fluxcd.io/v1",
        kind: "Kustomization",
        metadata: { name: "planted", namespace: "flux-system" },
        spec: {
          interval: "1h",
          suspend: true,
          path: "./elsewhere",
          prune: false,
          sourceRef: { kind: "GitRepository", name: "deploy" },
          decryption: { provider: "sops", serviceAccountName: "kustomize-controller" },
        },
      }),
    heal: (loop) => loop.kubectl("delete", KUSTOMIZATION, "planted", "--namespace=flux-system"),
  },
  {
    id: "flux-kustomization-account",
    how: "a Kustomization decrypts as another account",
    where: "flux-system/kustomization/apps",
    what: /it decrypts as default, declared is kustomize-controller/,
    ...patched(
      KUSTOMIZATION,
      "apps",
      { spec: { decryption: { serviceAccountName: "default" } } },
      { spec: { decryption: { serviceAccountName: "kustomize-controller" } } },
    ),
  },
  {
    id: "flux-kustomization-static-key",
    how: "a Kustomization has its keys in a Secret",
    where: "flux-system/kustomization/apps",
    what: /in the Secret sops-age/,
    ...patched(
      KUSTOMIZATION,
      "apps",
      { spec: { decryption: { secretRef: { name: "sops-age" } } } },
      { spec: { decryption: { secretRef: null } } },
    ),
  },
  {
    id: "flux-source-changed",
    how: "a Kustomization applies another folder",
    where: "flux-system/kustomization/apps",
    what: /folder mallory, declared is .*folder apps/,
    ...patched(KUSTOMIZATION, "apps", { spec: { path: "./mallory" } }, { spec: { path: "./apps" } }),
  },
  {
    id: "flux-source-changed",
    how: "Flux looks at another branch",
    where: "flux-system/kustomization/apps",
    what: /\.git, feature, folder apps, declared is .*\.git, main, folder apps/,
    ...patched(
      "gitrepositories.source.toolkit.fluxcd.io",
      "deploy",
      { spec: { ref: { branch: "feature" } } },
      { spec: { ref: { branch: "main" } } },
    ),
  },
];
