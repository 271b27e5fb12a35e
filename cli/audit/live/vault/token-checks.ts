import { listOf } from "../../../verify/vault-access";
import type { Finding } from "../../finding";
import { found } from "../found";
import type { Login } from "./facts";

interface DeclaredTokens {
  readonly policies: readonly string[];
  readonly ttlSeconds: number;
  /** Absent for pipelines: always `batch`. */
  readonly tokenType?: string;
}

/** The tokens that a declared role gives: with which policies, for how long, of which kind. */
export function tokenFindings(role: DeclaredTokens, { path, fields }: Login): Finding[] {
  const mend = `vault read ${path}; pulumi up --refresh`;
  const { policies, ttlSeconds, tokenType = "batch" } = role;
  const findings: Finding[] = [];
  const more = listOf(fields.token_policies).filter((name) => !policies.includes(name));
  if (more.length > 0)
    findings.push(found("vault-role-more-policies", path, `it gives ${more.join(", ")} too`, mend));
  const [ttl, period] = [Number(fields.token_ttl ?? 0), Number(fields.token_period ?? 0)];
  if (period > 0)
    findings.push(found("vault-role-long-tokens", path, `token_period is ${period}: renewed for ever`, mend));
  else if (ttlSeconds > 0 && (ttl === 0 || ttl > ttlSeconds))
    findings.push(
      found("vault-role-long-tokens", path, `token_ttl is ${ttl} s, declared is ${ttlSeconds} s`, mend),
    );
  if (tokenType !== "batch") return findings;
  if (fields.token_type !== "batch")
    findings.push(found("vault-role-token-type", path, `token_type is ${fields.token_type}`, mend));
  if (fields.token_no_default_policy !== true)
    findings.push(found("vault-role-default-policy", path, "token_no_default_policy is off", mend));
  return findings;
}
