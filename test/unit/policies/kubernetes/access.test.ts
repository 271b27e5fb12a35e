import { describeRule } from "../support/describe-rule";
import { access, clusterRole, clusterRoleBinding, role, roleBinding, secret } from "../support/kubernetes";
import { UNKNOWN } from "../support/resources";

const rules = (...changes: object[]) => ({ rules: changes.map((change) => ({ ...access, ...change })) });
const unknown = { "its rules": [role({ rules: UNKNOWN }), "rules"] } as const;

describeRule("kubernetes-role-no-wildcards", {
  violates: {
    "all verbs": [role(rules({ verbs: ["*"] })), "grants all verbs (*); list those that are needed"],
    "all groups and resources": [
      clusterRole(rules({ apiGroups: ["*"], resources: ["*"] })),
      "all apiGroups",
      "all resources",
    ],
    "all subresources": [role(rules({ resources: ["pods/*"] })), "all resources (pods/*)"],
  },
  passes: { "all of them named": role(), "no rules": role({ rules: [] }) },
  unknown,
});

describeRule("kubernetes-role-no-escalation", {
  violates: {
    bind: [role(rules({ resources: ["roles"], verbs: ["bind"] })), "grants bind on roles"],
    "impersonate and escalate": [
      clusterRole(rules({ verbs: ["impersonate", "escalate"] })),
      "grants impersonate",
      "grants escalate",
    ],
  },
  passes: { "neither of them": role() },
  unknown,
});

describeRule("kubernetes-role-narrow-secrets", {
  violates: {
    "of the cluster": [
      clusterRole(rules({ resources: ["secrets"], verbs: ["get"] })),
      "reads Secrets of every namespace (get); use a Role",
    ],
    "a whole namespace": [
      role(rules({ resources: ["secrets"], verbs: ["list"] })),
      "reads all Secrets of its namespace (list)",
    ],
    "any of them": [
      role(rules({ resources: ["secrets"], verbs: ["get"], resourceNames: [] })),
      "name them in resourceNames",
    ],
    "by a wildcard": [role(rules({ resources: ["*"], verbs: ["watch"] })), "reads all Secrets"],
  },
  passes: {
    "one by name": role(rules({ resources: ["secrets"], verbs: ["get"], resourceNames: ["tls"] })),
    "Secrets of another group": role(
      rules({ apiGroups: ["example.com"], resources: ["secrets"], verbs: ["list"] }),
    ),
    "no Secrets": clusterRole(),
  },
  unknown: { "the verbs": [role(rules({ resources: ["secrets"], verbs: UNKNOWN })), "rules[0].verbs"] },
});

describeRule("kubernetes-role-narrow-tokens", {
  violates: {
    "of the cluster": [
      clusterRole(rules({})),
      "makes tokens of every account of the cluster; use a Role with resourceNames",
    ],
    "of the namespace": [role(rules({ resourceNames: undefined })), "name the accounts in resourceNames"],
  },
  passes: { "named accounts": role(), "only looking": role(rules({ verbs: ["get"], resourceNames: [] })) },
  unknown,
});

describeRule("kubernetes-binding-no-cluster-admin", {
  violates: {
    "cluster-admin": [
      clusterRoleBinding({ "roleRef.name": "cluster-admin" }),
      "makes ServiceAccount flux-system/vault-token-reviewer cluster-admin",
    ],
    "edit in a namespace": [
      roleBinding({ "roleRef.kind": "ClusterRole", "roleRef.name": "edit" }),
      "edit; bind a role",
    ],
  },
  passes: {
    "a role of its own": roleBinding(),
    "a Role that is named like one": roleBinding({ "roleRef.name": "admin" }),
  },
  unknown: { "the role": [roleBinding({ "roleRef.name": UNKNOWN }), "roleRef.name"] },
});

describeRule("kubernetes-binding-narrow-subjects", {
  violates: {
    everybody: [
      clusterRoleBinding({ subjects: [{ kind: "Group", name: "system:authenticated" }] }),
      "binds the group system:authenticated",
    ],
    "all accounts": [
      roleBinding({ subjects: [{ kind: "Group", name: "system:serviceaccounts:apps" }] }),
      "name service accounts",
    ],
    nobody: [
      roleBinding({ subjects: [{ kind: "User", name: "system:anonymous" }] }),
      "binds whoever does not log in; take it out",
    ],
    "every pod": [
      roleBinding({ subjects: [{ kind: "ServiceAccount", name: "default", namespace: "apps" }] }),
      "apps/default",
    ],
  },
  passes: {
    "one account": roleBinding(),
    "a team": roleBinding({ subjects: [{ kind: "Group", name: "platform" }] }),
  },
  unknown: { "the subjects": [roleBinding({ subjects: UNKNOWN }), "subjects"] },
});

describeRule("kubernetes-binding-single-reviewer", {
  violates: {
    "two of them": [
      clusterRoleBinding({
        subjects: ["a", "b"].map((name) => ({ kind: "ServiceAccount", name, namespace: "x" })),
      }),
      "lets ServiceAccount x/a, ServiceAccount x/b review tokens",
    ],
    "a group": [
      clusterRoleBinding({ subjects: [{ kind: "Group", name: "platform" }] }),
      "lets Group platform review tokens",
    ],
  },
  passes: {
    "one account": clusterRoleBinding(),
    "another role": clusterRoleBinding({ "roleRef.name": "view", subjects: [] }),
  },
  unknown: {
    "a subject's name": [
      clusterRoleBinding({ subjects: [{ kind: "ServiceAccount", name: UNKNOWN }] }),
      "subjects[0].name",
    ],
  },
});

const lasting = (change: object = {}) =>
  secret({
    type: "kubernetes.io/service-account-token",
    metadata: {
      name: "vault-token-reviewer",
      namespace: "flux-system",
      annotations: { "kubernetes.io/service-account.name": "vault-token-reviewer" },
    },
    ...change,
  });

describeRule("kubernetes-secret-no-lasting-token", {
  violates: {
    "of any account": [lasting(), "is a token of flux-system/vault-token-reviewer that never ends"],
    "of a reviewer that may do more": [
      [
        lasting(),
        clusterRoleBinding(),
        roleBinding({
          subjects: [{ kind: "ServiceAccount", name: "vault-token-reviewer", namespace: "flux-system" }],
        }),
      ],
      "has the role tokens too; give the reviewer an account of its own",
    ],
  },
  passes: {
    "of the reviewer": [lasting(), clusterRoleBinding()],
    "another kind of Secret": secret(),
  },
  unknown: {
    "whom the binding is for": [[lasting(), clusterRoleBinding({ subjects: UNKNOWN })], "subjects"],
  },
});
