import { CHECKS, type Check, type Severity as GitLabSeverity } from "../../status/finding";
import type { FilesReading } from "../files/files-reading";
import type { Finding, Severity } from "../finding";

const SEVERITIES: Readonly<Record<GitLabSeverity, Severity>> = {
  blocker: "critical",
  critical: "high",
  major: "medium",
  minor: "low",
};

const MENDS: Readonly<Record<Check, string>> = {
  unreadable: "restore the file from git, or encrypt it anew",
  "plaintext-secret": "encrypt it, and change what it held: git keeps what was committed",
  "not-encrypted": "encrypt it: sops encrypt --in-place",
  unusable: "lower min_decryption_version, or enable the version again; then sopsloop rewrap",
  stale: "sopsloop rewrap",
  expired: "rotate the key, then sopsloop rewrap",
  "unknown-version": "make the key's server answer, and run sopsloop status",
  "wrong-recipients": "sops updatekeys",
  "wrong-threshold": "decrypt it and encrypt it anew",
  "wrong-settings": "decrypt it and encrypt it anew",
  "no-rule": "give it a rule in .sops.yaml",
  "sops-config": "correct .sops.yaml",
  "no-decryption": "set spec.decryption of the Kustomization that builds it",
  substituted: "label the Secret kustomize.toolkit.fluxcd.io/substitute: disabled",
};

/** What `sopsloop status` finds, in the words of the audit. That a version is not known is a finding only where it was asked for. */
export function fileFindings({ status, asked }: FilesReading): Finding[] {
  return status.findings
    .filter(({ check }) => asked || check !== "unknown-version")
    .map(({ check, path, line, message }) => ({
      id: `files-${check}`,
      severity: SEVERITIES[CHECKS[check].severity],
      origin: "files",
      where: line > 1 ? `${path}:${line}` : path,
      what: `${CHECKS[check].title}: ${message}`,
      mend: MENDS[check],
    }));
}
