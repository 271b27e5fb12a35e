import { AUDIT, discards } from "../reading/vault-audit";
import { resourceRule } from "../rule";

export const rule = resourceRule({
  name: "vault-audit-kept",
  title: "What the audit device writes is kept",
  why: "`discard` and `/dev/null` satisfy Vault and tell nobody who decrypted what.",
  remedy:
    "Set `options.file_path` to a file that is collected, or use a syslog device. Vault stops serving when it cannot write there: watch the disk.",
  severity: "high",
  types: [AUDIT],
  *check(audit) {
    const nowhere = discards(audit);
    if (nowhere !== undefined)
      yield `writes to ${nowhere}, so that nobody can tell who decrypted what; set options.file_path to a file that is kept`;
  },
});
