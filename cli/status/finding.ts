/**
 * Everything that `status` can find, in the order in which it is shown. Severities are GitLab's.
 */
export const CHECKS = {
  unreadable: { title: "cannot be read", severity: "blocker" },
  "plaintext-secret": { title: "Secrets in the clear", severity: "blocker" },
  "not-encrypted": { title: "not encrypted, though a rule is for them", severity: "critical" },
  unusable: { title: "wrapped by a version that the key no longer opens", severity: "blocker" },
  stale: { title: "stale: wrapped by an older version of the key", severity: "major" },
  expired: { title: "current version of the key has expired, or does not hold yet", severity: "major" },
  "unknown-version": { title: "current version of the key not known", severity: "major" },
  "wrong-recipients": { title: "other recipients than the rule's", severity: "critical" },
  "wrong-threshold": { title: "another Shamir threshold than the rule's", severity: "major" },
  "wrong-settings": { title: "frozen settings that differ from the rule's", severity: "major" },
  "no-rule": { title: "covered by no rule of .sops.yaml", severity: "minor" },
  "sops-config": { title: ".sops.yaml says what sops refuses or ignores", severity: "major" },
  "no-decryption": { title: "not covered by a Flux Kustomization with decryption", severity: "major" },
  substituted: { title: `\${ in readable values that Flux would substitute`, severity: "minor" },
} as const;

export type Check = keyof typeof CHECKS;
export type Severity = (typeof CHECKS)[Check]["severity"];

/** One thing that is wrong with one file. */
export interface Finding {
  readonly check: Check;
  /** Relative to the tree, with `/`. */
  readonly path: string;
  /** From 1; 1 where it is about the file as a whole. */
  readonly line: number;
  /** What of the file it is about (a key, a Secret's name, a setting): stays the same while the fault does. */
  readonly subject: string;
  /** What is wrong and how to mend it, in one line. Never a value. */
  readonly message: string;
}
