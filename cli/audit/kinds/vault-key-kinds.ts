import type { Kind } from "./kind";

/** What can be wrong with the key in Vault, its engine, and the record of its use. */
export const VAULT_KEY_KINDS = {
  "vault-audit-missing": {
    severity: "high",
    means: "The declared audit device is gone: nobody sees who decrypts.",
    mend: "vault audit list -detailed; pulumi up --refresh",
  },
  "vault-audit-raw": {
    severity: "high",
    means: "An audit device writes secrets unhashed: whoever reads the log has data keys and tokens.",
    mend: "vault audit disable PATH; enable it again without log_raw; delete what it wrote",
  },
  "vault-mount-clear-audit": {
    severity: "high",
    means: "The engine is told to leave plaintexts or ciphertexts unhashed in the audit log.",
    mend: "vault secrets tune -audit-non-hmac-request-keys= -audit-non-hmac-response-keys= MOUNT",
  },
  "vault-mount-upsert": {
    severity: "low",
    means: "Encrypting under a mistyped name makes a new key instead of failing.",
    mend: "vault write MOUNT/config/keys disable_upsert=true",
  },
  "vault-key-missing": {
    severity: "high",
    means: "The declared key is gone: no file can be opened.",
    mend: "vault list MOUNT/keys; restore it from a backup of Vault",
  },
  "vault-key-exportable": {
    severity: "critical",
    means: "The key can be taken out of Vault, and that cannot be undone.",
    mend: "make a new key that cannot be exported, and encrypt every file anew for it",
  },
  "vault-key-plaintext-backup": {
    severity: "critical",
    means: "The key can be taken out of Vault as a backup in the clear, and that cannot be undone.",
    mend: "make a new key without allow_plaintext_backup, and encrypt every file anew for it",
  },
  "vault-key-deletable": {
    severity: "high",
    means: "The key may be deleted, and with it whatever it has encrypted.",
    mend: "vault write MOUNT/keys/KEY/config deletion_allowed=false",
  },
  "vault-key-type": {
    severity: "medium",
    means: "The key is of another kind than declared, or is derived: sops could not have made what it opens.",
    mend: "vault read MOUNT/keys/KEY; find out who made it anew",
  },
  "vault-key-imported": {
    severity: "high",
    means: "The key was brought to Vault from elsewhere, where somebody may have kept it.",
    mend: "make a new key in Vault, and encrypt every file anew for it",
  },
  "vault-key-old-versions": {
    severity: "medium",
    means:
      "Another version than declared is the oldest that opens: retired versions open again, or files do not.",
    mend: "sopsloop status; pulumi up --refresh",
  },
  "vault-key-rotation": {
    severity: "medium",
    means: "The key rotates less often than declared, or not at all.",
    mend: "pulumi up --refresh",
  },
} as const satisfies Readonly<Record<string, Kind>>;
