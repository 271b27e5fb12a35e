import type { Kind } from "./kind";

/** What Vault's audit log can tell. */
export const VAULT_LOG_KINDS = {
  "vault-log-stranger": {
    severity: "critical",
    means: "Somebody who is not declared has decrypted, or has taken data keys or the key itself.",
    mend: "find out who that is; vault token revoke -accessor ACCESSOR; rotate the key and the secrets it guarded",
  },
  "vault-log-refused": {
    severity: "high",
    means: "Somebody has tried to use the key and was refused.",
    mend: "find out who that is; if it is a declared decryptor, sopsloop verify",
  },
  "vault-log-logins-refused": {
    severity: "low",
    means: "Logins by which one could decrypt were refused; sopsloop verify makes such an attempt itself.",
    mend: "sopsloop verify; find out who tries",
  },
  "vault-log-taken-out": {
    severity: "critical",
    means: "The key was exported or backed up, or data keys were given out in the clear.",
    mend: "find out who did it; make a new key, and encrypt every file anew for it",
  },
} as const satisfies Readonly<Record<string, Kind>>;
