import type { LiveLoop } from "../live-loop";
import type { Planted } from "./planted";

const KEY = "transit/keys/sops";
const OWN_KEY = { type: "aes256-gcm96", auto_rotate_period: 7_776_000 };
const DECRYPTS = 'path "transit/decrypt/sops" { capabilities = ["update"] }';

const policy = (name: string, text: string) => (loop: LiveLoop) =>
  loop.vault("PUT", `sys/policies/acl/${name}`, { policy: text });
const without = (path: string) => (loop: LiveLoop) => loop.vault("DELETE", path);
const write = (path: string, body: object) => (loop: LiveLoop) => loop.vault("PUT", path, body);

/** The key, its engine, the audit devices, and the policies. */
export const IN_VAULT: readonly Planted[] = [
  {
    id: "vault-audit-missing",
    how: "the audit device is disabled",
    where: "sys/audit",
    what: /no device writes .*audit\.log/,
    plant: async (loop) => {
      await loop.vault("DELETE", "sys/audit/file");
    },
    heal: (loop) => {
      const options = { file_path: loop.it.loop.layout.vault.audit };
      return loop.vault("PUT", "sys/audit/file", { type: "file", options });
    },
  },
  {
    id: "vault-audit-raw",
    how: "a second audit device writes secrets in clear",
    where: "sys/audit/raw",
    what: /log_raw is on/,
    plant: (loop) => {
      const file = `${loop.it.loop.layout.vault.audit}.raw`;
      return loop.vault("PUT", "sys/audit/raw", {
        type: "file",
        options: { file_path: file, log_raw: "true" },
      });
    },
    heal: without("sys/audit/raw"),
  },
  {
    id: "vault-mount-clear-audit",
    how: "plaintexts are not hashed in the audit log",
    where: "transit",
    what: /has plaintext in clear/,
    plant: write("sys/mounts/transit/tune", { audit_non_hmac_response_keys: ["plaintext"] }),
    heal: write("sys/mounts/transit/tune", { audit_non_hmac_response_keys: [""] }),
  },
  {
    id: "vault-mount-upsert",
    how: "a mistyped key is made",
    where: "transit",
    what: /disable_upsert is off/,
    plant: write("transit/config/keys", { disable_upsert: false }),
    heal: write("transit/config/keys", { disable_upsert: true }),
  },
  {
    id: "vault-key-deletable",
    how: "the key may be deleted",
    where: KEY,
    what: /deletion_allowed is on/,
    plant: write(`${KEY}/config`, { deletion_allowed: true }),
    heal: write(`${KEY}/config`, { deletion_allowed: false }),
  },
  {
    id: "vault-key-rotation",
    how: "the key no longer rotates",
    where: KEY,
    what: /rotates never, declared is every 7776000 s/,
    plant: write(`${KEY}/config`, { auto_rotate_period: 0 }),
    heal: write(`${KEY}/config`, { auto_rotate_period: OWN_KEY.auto_rotate_period }),
  },
  {
    id: "vault-key-old-versions",
    how: "old versions are retired behind the program's back",
    where: KEY,
    what: /versions below 2 do not open, declared is 1/,
    plant: async (loop) => {
      await loop.vault("POST", `${KEY}/rotate`, {});
      await loop.vault("PUT", `${KEY}/config`, { min_decryption_version: 2 });
    },
    heal: write(`${KEY}/config`, { min_decryption_version: 1 }),
  },
  {
    id: "vault-key-exportable",
    how: "the key can be exported",
    where: KEY,
    what: /exportable is on/,
    plant: write(`${KEY}/config`, { exportable: true }),
    heal: (loop) => loop.newKey(OWN_KEY),
  },
  {
    id: "vault-key-plaintext-backup",
    how: "the key can be backed up in clear",
    where: KEY,
    what: /allow_plaintext_backup is on/,
    plant: write(`${KEY}/config`, { allow_plaintext_backup: true }),
    heal: (loop) => loop.newKey(OWN_KEY),
  },
  {
    id: "vault-key-type",
    how: "the key was made anew as another",
    where: KEY,
    what: /it is chacha20-poly1305, declared is aes256-gcm96/,
    plant: (loop) => loop.newKey({ ...OWN_KEY, type: "chacha20-poly1305" }),
    heal: (loop) => loop.newKey(OWN_KEY),
  },
  {
    id: "vault-key-missing",
    how: "the key is gone",
    where: KEY,
    what: /no such key/,
    plant: (loop) => loop.newKey(undefined),
    heal: (loop) => loop.newKey(OWN_KEY),
  },
  {
    id: "vault-policy-edited",
    how: "a policy of the program is edited",
    where: "sys/policies/acl/sops-status",
    what: /it allows decrypt/,
    plant: policy("sops-status", DECRYPTS),
    heal: policy("sops-status", 'path "transit/keys/sops" {\n  capabilities = ["read"]\n}\n'),
  },
  {
    id: "vault-policy-decrypts",
    how: "an extra policy decrypts",
    where: "sys/policies/acl/backdoor",
    what: /it allows decrypt/,
    plant: policy("backdoor", DECRYPTS),
    heal: without("sys/policies/acl/backdoor"),
  },
  {
    id: "vault-policy-wildcard",
    how: "an extra policy has the whole engine",
    where: "sys/policies/acl/team",
    what: /transit\/\* allows decrypt, export, backup/,
    plant: policy("team", 'path "transit/*" { capabilities = ["create", "read", "update"] }'),
    heal: without("sys/policies/acl/team"),
  },
  {
    id: "vault-policy-administers",
    how: "an extra policy writes policies",
    where: "sys/policies/acl/helpdesk",
    what: /it allows write policies/,
    plant: policy("helpdesk", 'path "sys/policies/acl/*" { capabilities = ["update"] }'),
    heal: without("sys/policies/acl/helpdesk"),
  },
  {
    id: "vault-policy-unclear",
    how: "a policy is written as JSON",
    where: "sys/policies/acl/odd",
    what: /cannot be read for certain/,
    plant: policy("odd", JSON.stringify({ path: { "transit/decrypt/sops": { capabilities: ["update"] } } })),
    heal: without("sys/policies/acl/odd"),
  },
  {
    id: "vault-policy-default",
    how: "the policy of everybody decrypts",
    where: "sys/policies/acl/default",
    what: /it allows decrypt/,
    plant: async (loop) => {
      const { data } = await loop.vault<{ data: { policy: string } }>("GET", "sys/policies/acl/default");
      await loop.edit("sys/policies/acl/default", { policy: `${data.policy}\n${DECRYPTS}` });
    },
    heal: (loop) => loop.restore("sys/policies/acl/default"),
  },
];
