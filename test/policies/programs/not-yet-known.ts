import { Mount } from "@pulumi/vault/mount";
import { Policy } from "@pulumi/vault/policy";

const mount = new Mount("mount", { path: "kv", type: "kv", description: "of a test" });
// The accessor is known once the mount was made.
new Policy("policy", {
  name: "reader",
  policy: mount.accessor.apply((accessor) => `path "kv/${accessor}" {\n  capabilities = ["read"]\n}\n`),
});
