import { fieldOf, listOf } from "../../../verify/vault-access";
import type { Finding } from "../../finding";
import type { DeclaredPipelineRole } from "../declared-loop";
import { found } from "../found";
import type { Login } from "./facts";
import { audienceFindings } from "./role-checks";
import { tokenFindings } from "./token-checks";

/** A role for GitLab's jobs as it is against what is declared of it. */
export function jobRoleFindings(role: DeclaredPipelineRole, login: Login): Finding[] {
  const { path, fields } = login;
  const mend = `vault read ${path}; pulumi up --refresh`;
  const claims = fieldOf(fields, "bound_claims") ?? {};
  const valuesOf = (claim: string) => {
    const value = claims[claim];
    return typeof value === "string" ? [value] : listOf(value);
  };
  const findings: Finding[] = [];
  const add = (...args: Parameters<typeof found>) => findings.push(found(...args));

  const projects = valuesOf("project_id");
  if (projects.length !== 1 || projects[0] !== role.projectId)
    add("vault-job-any-project", path, `project_id is ${any(projects)}, declared is ${role.projectId}`, mend);
  const { protectedBranch: branch } = role;
  const [refs, guarded] = [valuesOf("ref"), valuesOf("ref_protected")];
  if (branch !== null && (refs.join() !== branch || guarded.join() !== "true"))
    add(
      "vault-job-any-branch",
      path,
      `ref is ${any(refs)}, ref_protected ${any(guarded)}; declared is ${branch}, protected`,
      mend,
    );
  const sources = valuesOf("pipeline_source");
  const others = sources.filter((source) => !role.sources.includes(source));
  if (sources.length === 0 || others.length > 0)
    add(
      "vault-job-source",
      path,
      `pipeline_source is ${any(sources)}, declared is ${role.sources.join(", ")}`,
      mend,
    );
  if (
    fields.bound_claims_type === "glob" &&
    Object.keys(claims).some((claim) => valuesOf(claim).some(isPattern))
  )
    add("vault-job-glob", path, "bound_claims_type is glob, and a claim has a star", mend);
  return [
    ...findings,
    ...audienceFindings(role, listOf(fields.bound_audiences), path),
    ...tokenFindings(role, login),
  ];
}

const isPattern = (value: string) => value.includes("*");

function any(values: readonly string[]): string {
  return values.length === 0 ? "not bound" : values.join(", ");
}
