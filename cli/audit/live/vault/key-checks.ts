import { fieldOf, listOf } from "../../../verify/vault-access";
import type { Finding } from "../../finding";
import { type DeclaredLoop, keyPath } from "../declared-loop";
import { found } from "../found";
import type { VaultFacts } from "./facts";

/** The key and its engine against what is declared. */
export function keyFindings({ key, keySettings, mounts }: VaultFacts, declared: DeclaredLoop): Finding[] {
  const path = keyPath(declared);
  const { mount } = declared.audit.key;
  const findings: Finding[] = [];
  const clear = ["request", "response"].flatMap((kind) =>
    listOf(fieldOf(fieldOf(mounts, `${mount}/`), "config")?.[`audit_non_hmac_${kind}_keys`]),
  );
  // Vault keeps an empty name where the list was emptied by its own CLI.
  const named = clear.filter((key) => key !== "");
  if (named.length > 0)
    findings.push(found("vault-mount-clear-audit", mount, `the audit log has ${named.join(", ")} in clear`));
  if (keySettings !== undefined && keySettings.disable_upsert !== true)
    findings.push(found("vault-mount-upsert", mount, "disable_upsert is off"));
  if (key === null) findings.push(found("vault-key-missing", path, "there is no such key"));
  return key ? [...findings, ...stateOf(key, declared, path)] : findings;
}

function stateOf(key: Readonly<Record<string, unknown>>, { audit }: DeclaredLoop, path: string): Finding[] {
  const { type, minDecryptionVersion: oldest, autoRotatePeriod: period } = audit.key;
  const findings: Finding[] = [];
  if (key.exportable === true) findings.push(found("vault-key-exportable", path, "exportable is on"));
  if (key.allow_plaintext_backup === true)
    findings.push(found("vault-key-plaintext-backup", path, "allow_plaintext_backup is on"));
  if (key.deletion_allowed === true)
    findings.push(found("vault-key-deletable", path, "deletion_allowed is on"));
  if (key.imported_key === true) findings.push(found("vault-key-imported", path, "it was imported"));
  if (key.type !== type)
    findings.push(found("vault-key-type", path, `it is ${key.type}, declared is ${type}`));
  else if (key.derived === true) findings.push(found("vault-key-type", path, "it is derived"));
  const live = Number(key.min_decryption_version);
  if (live !== oldest)
    findings.push(
      found(
        "vault-key-old-versions",
        path,
        live < oldest
          ? `versions from ${live} open, declared is ${oldest}`
          : `versions below ${live} do not open, declared is ${oldest}`,
      ),
    );
  const rotates = Number(key.auto_rotate_period);
  if (period > 0 && (rotates === 0 || rotates > period))
    findings.push(
      found(
        "vault-key-rotation",
        path,
        `it rotates ${rotates === 0 ? "never" : `every ${rotates} s`}, declared is every ${period} s`,
      ),
    );
  return findings;
}
