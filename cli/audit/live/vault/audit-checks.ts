import { fieldOf } from "../../../verify/vault-access";
import type { Finding } from "../../finding";
import type { DeclaredLoop } from "../declared-loop";
import { found } from "../found";
import type { VaultFacts } from "./facts";

/** Whether somebody writes down who decrypts, and nothing that he should not. */
export function auditFindings({ audit }: VaultFacts, declared: DeclaredLoop): Finding[] {
  if (audit === undefined) return [];
  const devices = Object.keys(audit).map((path) => ({
    path,
    options: fieldOf(fieldOf(audit, path), "options"),
  }));
  const file = declared.audit.vault.auditLog;
  const findings = devices
    .filter(({ options }) => String(options?.log_raw) === "true")
    .map(({ path }) => found("vault-audit-raw", `sys/audit/${path.replace(/\/$/, "")}`, "log_raw is on"));
  if (file !== null && !devices.some(({ options }) => options?.file_path === file))
    findings.push(found("vault-audit-missing", "sys/audit", `no device writes ${file}`));
  else if (devices.length === 0)
    findings.push(found("vault-audit-missing", "sys/audit", "there is no device"));
  return findings;
}
