import { describeRule } from "../support/describe-rule";
import { controller, kustomization } from "../support/flux";
import { UNKNOWN } from "../support/resources";
import {
  accountRole,
  decryptPolicy,
  grant,
  guideRole,
  kubernetesRole,
  mount,
  pipelineRole,
  policy,
  rewrapPolicy,
} from "../support/vault";

const apps = { "metadata.namespace": "apps", "spec.decryption.serviceAccountName": "sops" };

describeRule("loop-role-for-each-decryptor", {
  violates: {
    "none of that name": [
      [kustomization(apps), kubernetesRole(), controller()],
      "decrypts as apps/sops, for which Vault has no role apps_sops; declare it",
    ],
    "bound to another account": [
      [kustomization(), kubernetesRole({ boundServiceAccountNames: ["other"] }), controller()],
      "but the role flux-system_kustomize-controller is bound to another account",
    ],
  },
  passes: {
    "one by the Kubernetes method": [kustomization(), kubernetesRole(), controller()],
    "one by the jwt method": [kustomization(apps), accountRole(), controller()],
    "Flux is not of this stack": kustomization(apps),
    "nothing to decrypt": [kustomization({ "spec.decryption": undefined }), controller()],
  },
  unknown: {
    "a role's name": [[kustomization(), kubernetesRole({ roleName: UNKNOWN }), controller()], "roleName"],
  },
});

describeRule("loop-role-one-identity", {
  violates: {
    "two accounts": [
      [kubernetesRole({ boundServiceAccountNames: ["a", "b"] }), decryptPolicy],
      "decrypts for flux-system/a, flux-system/b; make a role for each account",
    ],
    "two namespaces": [
      [kubernetesRole({ boundServiceAccountNamespaces: ["x", "y"] }), decryptPolicy],
      "x/kustomize-controller",
    ],
    "no audience": [
      [kubernetesRole({ audience: undefined }), decryptPolicy],
      "decrypts for any audience; name one",
    ],
    "two audiences": [
      [accountRole({ boundAudiences: ["a", "b"] }), decryptPolicy],
      "decrypts for the audiences a, b",
    ],
    "all of a namespace's accounts, by a glob over the key": [
      [kubernetesRole({ boundServiceAccountNames: ["a", "b"] }), grant("transit/*", ["update"])],
      "make a role for each account",
    ],
  },
  passes: {
    "one account": [kubernetesRole(), decryptPolicy],
    "a role that does not decrypt": [
      kubernetesRole({ boundServiceAccountNames: ["a", "b"] }),
      grant("a/b", ["read"]),
    ],
    "the guide's own role": [guideRole(), grant("transit/decrypt/sops", ["update"], "flux-sops-policy")],
  },
  unknown: { "its policy": [[kubernetesRole(), policy(UNKNOWN)], "policy"] },
});

const encryptsToo = policy(
  'path "transit/decrypt/sops" { capabilities = ["update"] }\npath "transit/encrypt/sops" { capabilities = ["update"] }',
);

describeRule("loop-role-only-decrypts", {
  violates: {
    "encrypts too": [
      [kubernetesRole(), encryptsToo],
      "is the cluster's and may update transit/encrypt/sops too",
    ],
    "more than update": [
      [accountRole(), grant("transit/decrypt/sops", ["create", "update"])],
      "needs no more than update on transit/decrypt/sops",
    ],
  },
  passes: {
    "decrypts alone": [kubernetesRole(), decryptPolicy],
    "a pipeline's": [pipelineRole(), rewrapPolicy],
    "the guide's own role": [guideRole(), grant("transit/encrypt/sops", ["update"], "flux-sops-policy")],
  },
  unknown: { "its policy": [[kubernetesRole(), policy(UNKNOWN)], "policy"] },
});

describeRule("loop-pipeline-never-decrypts", {
  violates: {
    decrypts: [
      [pipelineRole(), grant("transit/decrypt/sops", ["update"], "sops-rewrap")],
      "is a pipeline's and may decrypt (transit/decrypt/sops)",
    ],
    "by a glob over another engine": [
      [mount({ path: "keys" }), pipelineRole(), grant("keys/de*", ["update"], "sops-rewrap")],
      "may decrypt (keys/de*)",
    ],
    "by a glob": [[pipelineRole(), grant("transit/*", ["update"], "sops-rewrap")], "may decrypt (transit/*)"],
  },
  passes: {
    "a glob over something else": [pipelineRole(), grant("kv/*", ["update"], "sops-rewrap")],
    rewraps: [pipelineRole(), rewrapPolicy],
    "an account's": [accountRole(), decryptPolicy],
  },
  unknown: { "its policy": [[pipelineRole(), policy(UNKNOWN, "sops-rewrap")], "policy"] },
});

const anyBranch = pipelineRole({ boundClaims: { project_id: "101", pipeline_source: "push" } });

describeRule("loop-pipeline-writes-from-protected", {
  violates: {
    "any branch": [
      [anyBranch, rewrapPolicy],
      "lets jobs of unprotected branches write (transit/rewrap/sops)",
    ],
    "protected, but any of them": [
      [pipelineRole({ boundClaims: { project_id: "101", ref_protected: "true" } }), rewrapPolicy],
      "bind ref and ref_protected in boundClaims",
    ],
  },
  passes: {
    "the protected branch": [pipelineRole(), rewrapPolicy],
    "reads alone": [anyBranch, grant("transit/keys/sops", ["read"], "sops-rewrap")],
    "an account's": [accountRole(), decryptPolicy],
  },
  unknown: { "its policy": [[anyBranch, policy(UNKNOWN, "sops-rewrap")], "policy"] },
});
