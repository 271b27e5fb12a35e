import { describeRule } from "../support/describe-rule";
import {
  alertProvider,
  CONTROLLER_ENV,
  controller,
  gitRepository,
  kustomization,
  receiver,
} from "../support/flux";
import { deployment, secret, serviceAccount } from "../support/kubernetes";
import { CANARY, UNKNOWN } from "../support/resources";

describeRule("flux-kustomization-own-account", {
  violates: {
    "as the controller": [
      kustomization({ "spec.decryption": { provider: "sops" } }),
      "set spec.decryption.serviceAccountName",
    ],
    "by something else": [kustomization({ "spec.decryption.provider": "vault" }), "decrypts by vault"],
  },
  passes: {
    "as an account": kustomization(),
    "nothing to decrypt": kustomization({ "spec.decryption": undefined }),
  },
  unknown: {
    "the account": [
      kustomization({ "spec.decryption.serviceAccountName": UNKNOWN }),
      "spec.decryption.serviceAccountName",
    ],
  },
});

const fromSecret = kustomization({ "spec.decryption.secretRef": { name: "sops-keys" } });

describeRule("flux-kustomization-no-static-key", {
  violates: {
    "a Secret that is elsewhere": [
      fromSecret,
      "decrypts with what the Secret sops-keys holds; leave secretRef out",
    ],
    "a Secret of this stack": [
      [
        fromSecret,
        secret({ "metadata.name": "sops-keys", data: { "sops.vault-token": CANARY, other: "x" } }),
      ],
      "holds (sops.vault-token); leave secretRef out",
    ],
  },
  passes: { "an identity": kustomization() },
  unknown: {
    "the Secret's name": [
      kustomization({ "spec.decryption.secretRef": { name: UNKNOWN } }),
      "spec.decryption.secretRef.name",
    ],
  },
});

describeRule("flux-kustomization-reconciles", {
  violates: {
    "nothing said": [
      kustomization({ "spec.prune": undefined, "spec.wait": undefined, "spec.timeout": undefined }),
      "set spec.prune to true",
      "set spec.wait to true",
      "set spec.timeout",
    ],
    suspended: [kustomization({ "spec.suspend": true }), "is suspended"],
  },
  passes: {
    "all said": kustomization(),
    "checks of its own": kustomization({
      "spec.wait": false,
      "spec.healthChecks": [{ kind: "Deployment", name: "a" }],
    }),
  },
  unknown: { "a flag": [kustomization({ "spec.prune": UNKNOWN }), "spec.prune"] },
});

describeRule("flux-kustomization-no-substitution", {
  violates: {
    "after decrypting": [
      kustomization({ "spec.postBuild": { substitute: { a: "b" } } }),
      "leave spec.postBuild out",
    ],
  },
  passes: {
    "no substitution": kustomization(),
    "nothing to decrypt": kustomization({
      "spec.decryption": undefined,
      "spec.postBuild": { substitute: {} },
    }),
  },
  unknown: { "what is substituted": [kustomization({ "spec.postBuild": UNKNOWN }), "spec.postBuild"] },
});

describeRule("flux-git-repository-verified", {
  violates: {
    "plain http": [
      gitRepository({ "spec.url": "http://git.example.com/a.git" }),
      "in the clear from http://git.example.com; use https",
    ],
    "git's own protocol": [
      gitRepository({ "spec.url": "git://git.example.com/a.git" }),
      "use https or ssh in spec.url",
    ],
    "a password": [
      gitRepository({ "spec.url": `https://me:${CANARY}@git.example.com/a.git` }),
      "has a password in spec.url",
    ],
  },
  passes: {
    https: gitRepository(),
    ssh: gitRepository({ "spec.url": "ssh://git@git.example.com/a.git" }),
    "this machine": gitRepository({ "spec.url": "http://127.0.0.1:13080/a.git" }),
  },
  unknown: { "the address": [gitRepository({ "spec.url": UNKNOWN }), "spec.url"] },
});

describeRule("flux-git-repository-branch", {
  violates: {
    "no branch": [gitRepository({ "spec.ref": undefined }), "names no branch, and Flux takes master"],
    suspended: [gitRepository({ "spec.suspend": true }), "set spec.suspend to false"],
  },
  passes: { "a branch": gitRepository(), "a tag": gitRepository({ "spec.ref": { tag: "v1" } }) },
  unknown: { "the branch": [gitRepository({ "spec.ref.branch": UNKNOWN }), "spec.ref.branch"] },
});

describeRule("flux-receiver-authenticated", {
  violates: {
    "believes everybody": [
      receiver({ "spec.type": "generic", "spec.events": undefined }),
      "believes whoever calls it",
    ],
    "no token": [receiver({ "spec.secretRef": undefined }), "set spec.secretRef"],
    "any event": [receiver({ "spec.events": [] }), "list those that are meant"],
    "any object": [
      receiver({ "spec.resources": [{ kind: "GitRepository", name: "*" }] }),
      "name them in spec.resources",
    ],
  },
  passes: { "GitLab's pushes": receiver() },
  unknown: { "the Secret's name": [receiver({ "spec.secretRef.name": UNKNOWN }), "spec.secretRef.name"] },
});

describeRule("flux-provider-secret-address", {
  violates: {
    "a webhook": [
      alertProvider({ "spec.address": `https://hooks.example.com/${CANARY}` }),
      "put it into the Secret that spec.secretRef names",
    ],
    "a plain one": [
      alertProvider({ "spec.type": "gitlab", "spec.address": "http://gitlab.example.com/a/b" }),
      "in the clear to http://gitlab.example.com",
    ],
  },
  passes: {
    "a Secret": alertProvider(),
    "no secret": alertProvider({ "spec.type": "gitlab", "spec.address": "https://gitlab.example.com/a/b" }),
  },
  unknown: { "the address": [alertProvider({ "spec.address": UNKNOWN }), "spec.address"] },
});

describeRule("flux-controller-verifies-vault", {
  violates: {
    "any certificate": [
      controller({ env: [...CONTROLLER_ENV, { name: "VAULT_SKIP_VERIFY", value: "1" }] }),
      "name the CA in VAULT_CACERT",
    ],
    "a token for all": [
      controller({ env: [{ name: "VAULT_TOKEN", valueFrom: { secretKeyRef: { name: "a", key: "b" } } }] }),
      "has a Vault token for all",
    ],
  },
  passes: {
    "a CA": controller(),
    "switched off in so many words": controller({ env: [{ name: "VAULT_SKIP_VERIFY", value: "false" }] }),
    "another workload": deployment(),
  },
  unknown: { "its environment": [controller({ env: UNKNOWN }), "spec.template.spec.containers[0].env"] },
});

describeRule("flux-controller-allowlist", {
  violates: {
    none: [controller({ env: [] }), "set SOPS_HC_VAULT_ALLOWLIST to Vault's address"],
    "all of them": [
      controller({ env: [{ name: "SOPS_HC_VAULT_ALLOWLIST", value: "all" }] }),
      "whatever server a committed file names",
    ],
    "no slash": [
      controller({ env: [{ name: "SOPS_HC_VAULT_ALLOWLIST", value: "https://vault.example.com:8200" }] }),
      "begins with https://vault.example.com:8200; end it with a slash",
    ],
  },
  passes: { "the one Vault": controller(), "no Vault": controller({ args: [], env: [] }) },
  unknown: {
    "the list": [
      controller({ env: [{ name: "SOPS_HC_VAULT_ALLOWLIST", value: UNKNOWN }] }),
      "spec.template.spec.containers[0].env[0].value",
    ],
  },
});

const annotated = (annotations: unknown) =>
  serviceAccount({ metadata: { name: "it", namespace: "apps", annotations } });

describeRule("flux-account-no-audiences", {
  violates: {
    "an audience of one's own": [
      annotated({ "credential.auth.fluxcd.io/audiences": "vault" }),
      "leave that annotation out",
    ],
  },
  passes: {
    "no annotation": serviceAccount(),
    others: annotated({ "azure.workload.identity/client-id": "x" }),
  },
  unknown: { "the annotations": [annotated(UNKNOWN), "metadata.annotations"] },
});
