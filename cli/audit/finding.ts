/** How bad: whether a stranger may decrypt, or could soon, or only that something is untidy. */
export type Severity = "critical" | "high" | "medium" | "low";

/** One thing that is wrong, named so that it can be looked up and mended. */
export interface Finding {
  /** Stable, kebab-case, as `vault-role-bound-wildcard`; that of a policy is the policy's name. */
  readonly id: string;
  readonly severity: Severity;
  readonly origin: "policy" | "live" | "vault-log" | "files";
  /** The thing itself, as `auth/kubernetes/role/sopsloop-dev`. */
  readonly where: string;
  readonly what: string;
  readonly mend: string;
}
