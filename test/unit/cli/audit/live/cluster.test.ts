import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { parseAllDocuments } from "yaml";
import { declaredLoop } from "../../../../../cli/audit/live/declared-loop";
import type {
  Binding,
  ClusterFacts,
  DecryptingKustomization,
} from "../../../../../cli/audit/live/kubernetes/facts";
import { kustomizationFindings } from "../../../../../cli/audit/live/kubernetes/kustomization-checks";
import {
  lastingTokenFindings,
  rbacFindings,
  reviewerFindings,
} from "../../../../../cli/audit/live/kubernetes/rbac-checks";
import { OUTPUTS } from "../outputs";

const DECRYPTORS = [
  { namespace: "flux-system", name: "kustomize-controller" },
  { namespace: "team", name: "sops" },
];
const MALLORY = { kind: "ServiceAccount", name: "mallory", namespace: "default" };

const facts = (change: Partial<ClusterFacts>): ClusterFacts => ({
  fluxNamespace: "flux-system",
  bindings: [],
  kustomizations: [],
  lastingTokens: [],
  ...change,
});

const binding = (change: Partial<Binding>): Binding => ({
  path: "clusterrolebinding/x",
  roleName: "x",
  rules: [],
  subjects: [MALLORY],
  ...change,
});

const rule = (resource: string, verb: string, group = "", resourceNames: readonly string[] = []) => ({
  apiGroups: [group],
  resources: [resource],
  verbs: [verb],
  resourceNames,
});

const found = (...bindings: Binding[]) =>
  rbacFindings(facts({ bindings }), DECRYPTORS).map(({ id, what }) => `${id}: ${what}`);
const ids = (...bindings: Binding[]) => rbacFindings(facts({ bindings }), DECRYPTORS).map(({ id }) => id);

describe("who can become a decryptor", () => {
  test("by a role in one namespace, the accounts of that one only", () => {
    expect(
      found(
        binding({
          path: "team/rolebinding/x",
          namespace: "team",
          rules: [rule("serviceaccounts/token", "create")],
        }),
      ),
    ).toEqual([
      "kubernetes-token-request: ServiceAccount default/mallory may have tokens of team/sops made, by x",
    ]);
  });

  test.each([
    ["by its name", rule("serviceaccounts/token", "create", "", ["sops"]), ["kubernetes-token-request"]],
    ["of another name", rule("serviceaccounts/token", "create", "", ["other"]), []],
    ["every subresource", rule("*/token", "create"), ["kubernetes-token-request"]],
    ["every verb", rule("serviceaccounts/token", "*"), ["kubernetes-token-request"]],
    ["accounts themselves, not their tokens", rule("serviceaccounts", "create"), []],
    ["tokens of another API", rule("serviceaccounts/token", "create", "other.example.com"), []],
    [
      "one user who is the account",
      rule("users", "impersonate", "", ["system:serviceaccount:team:sops"]),
      ["kubernetes-impersonates"],
    ],
    ["another user", rule("users", "impersonate", "", ["jane"]), []],
    ["pods", rule("pods", "create"), ["kubernetes-runs-as-decryptor"]],
    ["jobs", rule("jobs", "create", "batch"), ["kubernetes-runs-as-decryptor"]],
    ["a change of what pods run", rule("deployments", "patch", "apps"), ["kubernetes-runs-as-decryptor"]],
    ["one deployment", rule("deployments", "update", "apps", ["x"]), ["kubernetes-runs-as-decryptor"]],
    ["another image", rule("pods", "patch"), ["kubernetes-runs-as-decryptor"]],
    ["commands by a WebSocket", rule("pods/exec", "get"), ["kubernetes-runs-as-decryptor"]],
    ["commands by the kubelet", rule("nodes/proxy", "get"), ["kubernetes-runs-as-decryptor"]],
    ["how many of them", rule("deployments/scale", "patch", "apps"), []],
    ["looking at pods", rule("pods", "get"), []],
    ["Secrets", rule("secrets", "list"), ["kubernetes-reads-secrets"]],
    ["Secrets as an answer", rule("secrets", "patch"), ["kubernetes-reads-secrets"]],
    ["new Secrets", rule("secrets", "create"), ["kubernetes-makes-token-secret"]],
    ["no Secrets any more", rule("secrets", "delete"), []],
    [
      "Kustomizations",
      rule("kustomizations", "create", "kustomize.toolkit.fluxcd.io"),
      ["kubernetes-steers-flux"],
    ],
    ["Kustomizations of another API", rule("kustomizations", "create", "example.com"), []],
    [
      "where a repository is",
      rule("gitrepositories", "patch", "source.toolkit.fluxcd.io"),
      ["kubernetes-steers-flux"],
    ],
    ["a source that nobody names", rule("gitrepositories", "create", "source.toolkit.fluxcd.io"), []],
    ["releases", rule("helmreleases", "update", "helm.toolkit.fluxcd.io"), ["kubernetes-steers-flux"]],
    [
      "rights of a namespace",
      rule("roles", "escalate", "rbac.authorization.k8s.io"),
      ["kubernetes-escalates"],
    ],
    ["no more than one has", rule("rolebindings", "create", "rbac.authorization.k8s.io"), []],
    ["rights", rule("clusterroles", "bind", "rbac.authorization.k8s.io"), ["kubernetes-escalates"]],
    ["everything", rule("*", "*", "*"), ["kubernetes-escalates"]],
  ])("%s", (_what, one, expected) => {
    expect(ids(binding({ rules: [one] }))).toEqual(expected);
  });

  describe("the deployer", () => {
    const documented = parseAllDocuments(readFileSync("docs/deployer-clusterrole.yaml", "utf8")).map(
      (document) => document.toJS() as { kind: string; metadata: { name: string }; rules: Binding["rules"] },
    );
    const rulesOf = (name: string) =>
      documented.find(({ kind, metadata }) => kind === "ClusterRole" && metadata.name === name)?.rules ?? [];
    const flux = (change: Partial<Binding> = {}) => {
      const roleName = "sopsloop-deployer-flux";
      const path = "flux-system/rolebinding/deployer";
      return binding({ path, namespace: "flux-system", roleName, rules: rulesOf(roleName), ...change });
    };

    test("by the documented roles is told once, to be looked at, and in the cluster as nobody", () => {
      const deploys =
        "kubernetes-deployer: ServiceAccount default/mallory is the deployer, by sopsloop-deployer-flux";
      const whole = binding({ roleName: "sopsloop-deployer", rules: rulesOf("sopsloop-deployer") });
      expect(whole.rules).not.toEqual([]);
      expect(found(flux(), whole)).toEqual([deploys]);
    });

    test("by the same rights under another name, for everybody, or everywhere, is a stranger", () => {
      const all = ["kubernetes-token-request", "kubernetes-makes-token-secret", "kubernetes-steers-flux"];
      const everybody = [{ kind: "Group", name: "system:authenticated" }];
      const { namespace: _, ...everywhere } = flux({ path: "clusterrolebinding/deployer" });
      for (const one of [flux({ roleName: "x" }), flux({ subjects: everybody }), everywhere])
        expect(ids(one)).toEqual(expect.arrayContaining(all));
    });

    test("with a right that the documented role has not, is told of it", () => {
      const more = rule("serviceaccounts", "impersonate");
      expect(ids(flux({ rules: [...rulesOf("sopsloop-deployer-flux"), more] }))).toEqual([
        "kubernetes-deployer",
        "kubernetes-impersonates",
      ]);
    });

    test("gives away the review of tokens, and nothing else unseen", () => {
      const bind = (...names: string[]) => rule("clusterroles", "bind", "rbac.authorization.k8s.io", names);
      expect(ids(binding({ rules: [bind("system:auth-delegator")] }))).toEqual([]);
      expect(ids(binding({ rules: [bind("system:auth-delegator", "cluster-admin")] }))).toEqual([
        "kubernetes-escalates",
      ]);
    });
  });

  test("everything in Flux's namespace is each right there, and no more", () => {
    const everything = { apiGroups: ["*"], resources: ["*"], verbs: ["*"] };
    const admin = binding({
      path: "flux-system/rolebinding/x",
      namespace: "flux-system",
      rules: [everything],
    });
    expect(ids(admin)).toEqual([
      "kubernetes-token-request",
      "kubernetes-impersonates",
      "kubernetes-reads-secrets",
      "kubernetes-runs-as-decryptor",
      "kubernetes-makes-token-secret",
      "kubernetes-steers-flux",
      "kubernetes-escalates",
    ]);
  });

  test("rights on rights in one namespace are those of its accounts", () => {
    const bind = rule("clusterroles", "bind", "rbac.authorization.k8s.io");
    const inTeam = { namespace: "team", path: "team/rolebinding/x", rules: [bind] };
    expect(found(binding(inTeam))).toEqual([
      "kubernetes-escalates: ServiceAccount default/mallory may give any right in team, by x",
    ]);
    expect(found(binding({ ...inTeam, namespace: "elsewhere" }))).toEqual([]);
  });

  test("nodes are not a namespace's, and what lives where no account decrypts is nobody's affair", () => {
    const place = { namespace: "team", path: "team/rolebinding/x" };
    expect(ids(binding({ ...place, rules: [rule("nodes/proxy", "get")] }))).toEqual([]);
    const kustomizations = rule("kustomizations", "*", "kustomize.toolkit.fluxcd.io");
    const rules = [kustomizations, rule("secrets", "create"), rule("deployments", "patch", "apps")];
    expect(ids(binding({ namespace: "elsewhere", path: "elsewhere/rolebinding/x", rules }))).toEqual([]);
  });

  test("what of Flux may be changed, and where", () => {
    const rules = ["kustomizations", "gitrepositories"].map((kind, index) =>
      rule(kind, "*", ["kustomize", "source"].map((name) => `${name}.toolkit.fluxcd.io`)[index]),
    );
    expect(found(binding({ rules }))).toEqual([
      "kubernetes-steers-flux: ServiceAccount default/mallory may change kustomizations, gitrepositories of flux-system, team, by x",
    ]);
  });

  test("a rule that is for nothing of the API (paths) is none of these", () => {
    expect(ids(binding({ rules: [{ verbs: ["*"] }] }))).toEqual([]);
  });

  const powerful = (...subjects: Binding["subjects"]) =>
    ids(binding({ subjects, rules: [rule("serviceaccounts/token", "create")] }));

  test.each([
    ["Flux's own controllers", { kind: "ServiceAccount", name: "helm-controller", namespace: "flux-system" }],
    ["Kubernetes' own", { kind: "ServiceAccount", name: "job-controller", namespace: "kube-system" }],
    ["its users", { kind: "User", name: "system:kube-controller-manager" }],
    ["its masters", { kind: "Group", name: "system:masters" }],
    [
      "Flux's own controllers by their users' names",
      { kind: "User", name: "system:serviceaccount:flux-system:helm-controller" },
    ],
  ])("%s are no strangers", (_who, subject) => {
    expect(powerful(subject)).toEqual([]);
  });

  test.each([
    ["nobody in particular", { kind: "User", name: "system:anonymous" }],
    ["everybody who is logged in", { kind: "Group", name: "system:authenticated" }],
    ["an account by its user's name", { kind: "User", name: "system:serviceaccount:team:evil" }],
    ["every account of a namespace", { kind: "Group", name: "system:serviceaccounts:default" }],
    [
      "a controller's namesake elsewhere",
      { kind: "ServiceAccount", name: "helm-controller", namespace: "default" },
    ],
  ])("%s are", (_who, subject) => {
    expect(powerful(subject)).toEqual(["kubernetes-token-request"]);
  });
});

test("an account that is bound as a user is told as the account", () => {
  const subjects = [{ kind: "User", name: "system:serviceaccount:team:evil" }];
  const rules = [{ apiGroups: ["*"], resources: ["*"], verbs: ["*"] }];
  expect(found(binding({ roleName: "cluster-admin", subjects, rules }))).toEqual([
    "kubernetes-escalates: ServiceAccount team/evil may give any right, by cluster-admin",
  ]);
});

test("accounts with lasting tokens: decryptors should have none, the reviewer one right", () => {
  const reviewer = { namespace: "flux-system", name: "vault-token-reviewer" };
  const subject = { kind: "ServiceAccount", ...reviewer };
  const lastingTokens = [
    { secret: "a", account: reviewer },
    { secret: "b", account: { namespace: "team", name: "sops" } },
  ];
  const delegator = binding({ roleName: "system:auth-delegator", subjects: [subject] });
  const more = binding({ path: "clusterrolebinding/more", roleName: "view", subjects: [subject] });
  const user = { kind: "User", name: "system:serviceaccount:flux-system:vault-token-reviewer" };
  const asUser = binding({ path: "clusterrolebinding/user", roleName: "edit", subjects: [user] });
  const seen = facts({ lastingTokens, bindings: [delegator, more, asUser] });
  expect(reviewerFindings(seen).map(({ where }) => where)).toEqual([
    "clusterrolebinding/more",
    "clusterrolebinding/user",
  ]);
  expect(lastingTokenFindings(seen, DECRYPTORS).map(({ where }) => where)).toEqual(["team/secret/b"]);
});

describe("Kustomizations", () => {
  const apps: DecryptingKustomization = {
    namespace: "flux-system",
    name: "apps",
    serviceAccount: "kustomize-controller",
    secret: undefined,
    path: "apps/",
    source: { url: "https://gitlab.example.com/team/deploy.git", branch: "main" },
  };
  const of = (...kustomizations: DecryptingKustomization[]) =>
    kustomizationFindings(facts({ kustomizations }), declaredLoop(OUTPUTS)).map(
      ({ id, where }) => `${id} ${where}`,
    );

  test("as declared, however the folder is written", () => {
    expect(of(apps, { ...apps, path: "./apps" })).toEqual([]);
  });

  test("another stack's, which decrypts as its own account, is that stack's", () => {
    expect(of({ ...apps, namespace: "two", name: "apps", serviceAccount: "sops" })).toEqual([]);
  });

  test("one that names no account decrypts as the controller, wherever it is", () => {
    expect(of({ ...apps, namespace: "two", serviceAccount: undefined })).toEqual([
      "flux-kustomization-undeclared two/kustomization/apps",
    ]);
  });

  test.each([
    ["another repository", { source: { url: "https://elsewhere.example.com/x.git", branch: "main" } }],
    ["a tag", { source: { url: "https://gitlab.example.com/team/deploy.git", branch: "tag v1" } }],
    ["a bucket", { source: undefined }],
  ])("%s", (_what, change) => {
    expect(of({ ...apps, ...change })).toEqual(["flux-source-changed flux-system/kustomization/apps"]);
  });
});
