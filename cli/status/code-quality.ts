import { createHash } from "node:crypto";
import { CHECKS, type Finding, type Severity } from "./finding";

/** One entry of GitLab's code quality report, a part of Code Climate's format. */
export interface CodeQualityIssue {
  readonly description: string;
  readonly check_name: string;
  readonly fingerprint: string;
  readonly severity: Severity;
  readonly location: { readonly path: string; readonly lines: { readonly begin: number } };
}

/**
 * GitLab tells new findings from old ones by the fingerprint. It is made of what stays while a fault does: neither lines nor
 * versions nor the wording, so that an edit above or a further rotation is no new finding.
 */
export function codeQuality(findings: readonly Finding[]): CodeQualityIssue[] {
  const seen = new Map<string, number>();
  return findings.map(({ check, path, line, subject, message }) => {
    const id = JSON.stringify([check, path, subject]);
    // The same twice in one file: told apart by their order.
    const nth = seen.get(id) ?? 0;
    seen.set(id, nth + 1);
    return {
      description: `${CHECKS[check].title}: ${message}`,
      check_name: `sopsloop/${check}`,
      fingerprint: createHash("sha256")
        .update(`${id}${nth || ""}`)
        .digest("hex"),
      severity: CHECKS[check].severity,
      location: { path, lines: { begin: line } },
    };
  });
}
