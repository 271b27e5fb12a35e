import { describeRule } from "../support/describe-rule";
import { UNKNOWN } from "../support/resources";
import { decryptPolicy, grant, policy } from "../support/vault";

const unknown = { "its text": [policy(UNKNOWN), "policy"] } as const;

describeRule("vault-policy-no-sudo", {
  violates: {
    "one of several": [
      policy(
        'path "transit/decrypt/sops" { capabilities = ["update"] }\npath "sys/raw/x" { capabilities = ["read", "sudo"] }',
      ),
      "grants sudo on sys/raw/x; take it out",
    ],
    "in the old words": [policy('path "sys/audit" { policy = "sudo" }'), "grants sudo on sys/audit"],
    "as JSON": [policy('{"path": {"sys/audit": {"capabilities": ["sudo"]}}}'), "grants sudo on sys/audit"],
  },
  passes: {
    "none of it": decryptPolicy,
    "only named in a comment": policy('# no "sudo" here\npath "a/b" { capabilities = ["read"] }'),
  },
  unknown,
});

describeRule("vault-policy-literal-paths", {
  violates: {
    "a star at the end": [
      grant("transit/decrypt/*", ["update"]),
      "is about transit/decrypt/*, which stands for more than one path",
    ],
    everything: [grant("*", ["read"]), "is about *"],
    "a plus": [grant("transit/+/sops", ["update"]), "is about transit/+/sops"],
  },
  passes: { "a literal path": decryptPolicy, "no path at all": policy("") },
  unknown,
  limits: [
    { prefixes: ["kv/"] },
    {
      violates: { "below another one": [grant("transit/*", ["update"]), "is about transit/*"] },
      passes: { "below it": grant("kv/data/*", ["read"]) },
    },
  ],
});

describeRule("vault-policy-no-key-administration", {
  violates: {
    settings: [
      grant("transit/keys/sops/config", ["update"]),
      "administers a key (update on transit/keys/sops/config); grant read there at most",
    ],
    "the key itself": [
      grant("transit/keys/sops", ["create", "update"]),
      "administers a key (create, update on transit/keys/sops)",
    ],
    rotation: [grant("a/b/keys/sops/rotate", ["update"]), "a/b/keys/sops/rotate"],
    export: [
      grant("transit/export/encryption-key/sops", ["read"]),
      "takes keys out of Vault (transit/export/encryption-key/sops)",
    ],
    backup: [grant("transit/backup/sops", ["read"]), "takes keys out of Vault"],
    restoring: [grant("transit/restore", ["update"]), "administers a key"],
  },
  passes: {
    "reading the key": grant("transit/keys/sops", ["read"]),
    "using it": decryptPolicy,
    "export denied": grant("transit/export/encryption-key/sops", ["deny"]),
  },
  unknown,
});

describeRule("vault-policy-no-administration", {
  violates: {
    policies: [
      grant("sys/policies/acl/sops", ["update"]),
      "writes to Vault's own settings (update on sys/policies/acl/sops)",
    ],
    roles: [grant("auth/kubernetes/role/x", ["create"]), "create on auth/kubernetes/role/x"],
    entities: [grant("identity/entity", ["update"]), "identity/entity"],
  },
  passes: {
    "only looking": grant("sys/mounts", ["read"]),
    "its own token": grant("auth/token/renew-self", ["update"]),
    "using a key": decryptPolicy,
  },
  unknown,
});

describeRule("vault-policy-encrypts-without-create", {
  violates: {
    "create beside update": [
      grant("transit/encrypt/sops", ["create", "update"]),
      "create on transit/encrypt/sops",
    ],
  },
  passes: {
    "update alone": grant("transit/encrypt/sops", ["update"]),
    "create where nothing is made": grant("transit/decrypt/sops", ["create", "update"]),
  },
  unknown,
});
