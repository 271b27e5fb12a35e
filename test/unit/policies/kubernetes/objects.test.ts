import { describeRule } from "../support/describe-rule";
import {
  CONTAINERS,
  configMap,
  container,
  cronJob,
  DIGEST,
  deployment,
  deploymentPatch,
  networkPolicy,
  secret,
  serviceAccount,
} from "../support/kubernetes";
import { CANARY, UNKNOWN } from "../support/resources";

describeRule("kubernetes-account-no-automount", {
  violates: {
    "left to the cluster": [
      serviceAccount({ automountServiceAccountToken: undefined }),
      "into every pod of flux-system/it",
    ],
    "asked for": [
      serviceAccount({ automountServiceAccountToken: true }),
      "set automountServiceAccountToken to false",
    ],
  },
  passes: { "switched off": serviceAccount() },
  unknown: {
    "the flag": [serviceAccount({ automountServiceAccountToken: UNKNOWN }), "automountServiceAccountToken"],
  },
  limits: [
    { mounted: ["flux-system/it"] },
    {
      violates: {
        "another account": [
          serviceAccount({ automountServiceAccountToken: true, "metadata.name": "other" }),
          "flux-system/other",
        ],
      },
      passes: { "one that needs it": serviceAccount({ automountServiceAccountToken: true }) },
    },
  ],
});

describeRule("kubernetes-object-own-namespace", {
  violates: {
    "no namespace": [secret({ "metadata.namespace": undefined }), "set metadata.namespace to one of its own"],
    "default, in so many words": [
      configMap({ "metadata.namespace": "default" }),
      "lives in the namespace default",
    ],
  },
  passes: { "one of its own": secret(), "a Deployment": deployment() },
  unknown: { "the namespace": [secret({ "metadata.namespace": UNKNOWN }), "metadata.namespace"] },
});

describeRule("kubernetes-network-policy-narrow", {
  violates: {
    "an empty rule": [networkPolicy({ "spec.egress": [{}] }), "allows all egress"],
    "the whole internet": [
      networkPolicy({ "spec.ingress": [{ from: [{ ipBlock: { cidr: "0.0.0.0/0" } }] }] }),
      "name from or ports",
    ],
  },
  passes: {
    "denies all": networkPolicy(),
    "everybody, on one port": networkPolicy({ "spec.ingress": [{ ports: [{ port: 9292 }] }] }),
    "named peers": networkPolicy({ "spec.egress": [{ to: [{ ipBlock: { cidr: "10.0.0.1/32" } }] }] }),
  },
  unknown: {
    "a peer's addresses": [
      networkPolicy({ "spec.egress": [{ to: [{ ipBlock: { cidr: UNKNOWN } }] }] }),
      "spec.egress[0].to[0].ipBlock.cidr",
    ],
  },
});

describeRule("kubernetes-config-map-no-secret", {
  violates: {
    "a private key": [
      configMap({ data: { "tls.key": `-----BEGIN PRIVATE KEY-----\n${CANARY}` } }),
      "holds a private key under tls.key",
    ],
    "an age identity": [
      configMap({ data: { keys: `AGE-SECRET-KEY-1${"Q".repeat(30)}` } }),
      "holds an age identity under keys",
    ],
    "a name that says so": [configMap({ data: { DB_PASSWORD: CANARY } }), "has a key DB_PASSWORD"],
  },
  passes: {
    settings: configMap(),
    "a certificate": configMap({ data: { "ca.pem": "-----BEGIN CERTIFICATE-----" } }),
  },
  unknown: { "what it holds": [configMap({ data: { "ca.pem": UNKNOWN } }), "data.ca.pem"] },
});

const containers = (...changes: object[]) => ({
  [CONTAINERS]: changes.map((change) => ({ ...container, ...change })),
});

describeRule("kubernetes-workload-pinned-image", {
  violates: {
    "a tag": [
      deployment(containers({ image: "sopsloop:1.2.3" })),
      "container relay runs sopsloop:1.2.3, which can become another one",
    ],
    nothing: [deployment(containers({ image: undefined })), "runs no image"],
    "before the others": [
      cronJob({ "spec.jobTemplate.spec.template.spec.initContainers": [{ name: "i", image: "a" }] }),
      "container i runs a",
    ],
  },
  passes: { "a digest": deployment(), "both kinds of containers": cronJob() },
  unknown: { "the image": [deployment(containers({ image: UNKNOWN })), `${CONTAINERS}[0].image`] },
});

describeRule("kubernetes-workload-hardened", {
  violates: {
    "nothing said": [
      deployment(containers({ securityContext: undefined })),
      "container relay needs runAsNonRoot: true, readOnlyRootFilesystem: true, allowPrivilegeEscalation: false, capabilities.drop: [ALL], seccompProfile.type: RuntimeDefault in its securityContext",
    ],
    privileged: [
      deployment(containers({ securityContext: { ...container.securityContext, privileged: true } })),
      "needs privileged: false",
    ],
    "the node's network": [
      deployment({ "spec.template.spec.hostNetwork": true }),
      "shares hostNetwork with its node; leave it out",
    ],
  },
  passes: {
    "all said": deployment(),
    "said for the pod": deployment({
      ...containers({
        securityContext: { ...container.securityContext, runAsNonRoot: undefined, seccompProfile: undefined },
      }),
      "spec.template.spec.securityContext": {
        runAsNonRoot: true,
        seccompProfile: { type: "RuntimeDefault" },
      },
    }),
  },
  unknown: {
    "the context": [deployment(containers({ securityContext: UNKNOWN })), `${CONTAINERS}[0].securityContext`],
  },
});

describeRule("kubernetes-workload-own-account", {
  violates: {
    none: [deployment({ "spec.template.spec.serviceAccountName": undefined }), "set serviceAccountName"],
    default: [
      deployment({ "spec.template.spec.serviceAccountName": "default" }),
      "that every pod of its namespace has",
    ],
  },
  passes: { "its own": deployment(), "a CronJob's": cronJob() },
  unknown: {
    "the name": [
      deployment({ "spec.template.spec.serviceAccountName": UNKNOWN }),
      "spec.template.spec.serviceAccountName",
    ],
  },
});

describeRule("kubernetes-workload-no-literal-secret", {
  violates: {
    "by its name": [
      deployment(containers({ env: [{ name: "VAULT_TOKEN", value: CANARY }] })),
      "container relay has a credential in the variable VAULT_TOKEN",
    ],
    "by its form": [
      deployment(containers({ env: [{ name: "X", value: `glptt-${"a".repeat(40)}` }] })),
      "has a token of GitLab's in the variable X",
    ],
    "in the arguments": [
      deploymentPatch(containers({ args: [`--key=hvs.${"A".repeat(30)}`] })),
      "has a token of Vault's in its args",
    ],
  },
  passes: {
    none: deployment(),
    "from a Secret": deployment(
      containers({ env: [{ name: "VAULT_TOKEN", valueFrom: { secretKeyRef: { name: "a", key: "b" } } }] }),
    ),
    "a file's path": deployment(
      containers({ env: [{ name: "TOKEN_FILE", value: "/run/secrets/token" }], image: `a@${DIGEST}` }),
    ),
  },
  unknown: {
    "a value": [
      deployment(containers({ env: [{ name: "X", value: UNKNOWN }] })),
      `${CONTAINERS}[0].env[0].value`,
    ],
  },
});
