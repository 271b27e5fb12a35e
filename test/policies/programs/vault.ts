import { AuthBackendRole } from "@pulumi/vault/kubernetes/authBackendRole";
import { Mount } from "@pulumi/vault/mount";
import { Policy } from "@pulumi/vault/policy";
import { SecretBackendKey } from "@pulumi/vault/transit/secretBackendKey";

const mount = new Mount("mount", { path: "transit", type: "transit" });
new SecretBackendKey("key", { backend: mount.path, name: "sops", exportable: true, deletionAllowed: true });
new Policy("policy", {
  name: "flux",
  policy: 'path "transit/*" {\n  capabilities = ["create", "update", "sudo"]\n}\n',
});
new AuthBackendRole("role", {
  backend: "kubernetes",
  roleName: "flux",
  boundServiceAccountNames: ["*"],
  boundServiceAccountNamespaces: ["*"],
  tokenPolicies: ["flux"],
});
