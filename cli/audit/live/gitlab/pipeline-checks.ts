import type { Finding } from "../../finding";
import type { DeclaredDeploy } from "../declared-loop";
import { found } from "../found";
import type { ProjectFacts, Schedule } from "./facts";

/** What the program calls what it has made. */
const OWN = "sopsloop: ";
/** As the program sets them: what Azure trusts is made of these. */
const SUBJECT = "project_path,ref_type,ref";

/** Who may start pipelines, and what he may tell them. */
export function pipelineFindings(
  facts: ProjectFacts,
  { audit, gitlab, state }: DeclaredDeploy,
  project: string,
): Finding[] {
  const { settings, triggers = [], schedules } = facts;
  const branch = audit.decryption[0]?.branch;
  const sweep = schedules?.find(({ id }) => id === gitlab?.sweepId);
  const findings: Finding[] = [];
  const role = settings.ci_pipeline_variables_minimum_override_role;
  if (role !== undefined && role !== "no_one_allowed")
    findings.push(found("gitlab-pipeline-variables", project, `${role}s and above may set variables`));
  if (settings.public_jobs === true) findings.push(found("gitlab-jobs-public", project, "public_jobs is on"));
  const ciFile = settings.ci_config_path ?? "";
  if (state !== undefined && ciFile !== state.ciConfigPath)
    findings.push(
      found("gitlab-ci-file", project, `it is ${named(ciFile)}, declared is ${named(state.ciConfigPath)}`),
    );
  const subject = settings.ci_id_token_sub_claim_components;
  if (subject !== undefined && subject.join() !== SUBJECT)
    findings.push(found("gitlab-token-subject", project, `it is made of ${subject.join(", ")}`));
  for (const { id, description, owner } of triggers) {
    const where = `${project}, trigger ${id}`;
    if (!description.startsWith(OWN))
      findings.push(found("gitlab-trigger-undeclared", where, `"${description}"`));
    else if (owner !== null && sweep?.owner && owner.id !== sweep.owner.id)
      findings.push(
        found("gitlab-trigger-owner", where, `it is ${owner.username}'s, not ${sweep.owner.username}'s`),
      );
  }
  if (schedules === undefined) return findings;
  const why = sweepProblem(sweep, branch);
  if (why !== undefined) findings.push(found("gitlab-sweep-off", project, why));
  return [
    ...findings,
    ...schedules
      .filter(({ id, active }) => active && id !== gitlab?.sweepId)
      .map(({ id, description, owner }) =>
        found(
          "gitlab-schedule-undeclared",
          `${project}, schedule ${id}`,
          `"${description}" of ${owner?.username ?? "nobody"}`,
        ),
      ),
  ];
}

function named(ciFile: string): string {
  return ciFile === "" ? "GitLab's own .gitlab-ci.yml" : ciFile;
}

function sweepProblem(sweep: Schedule | undefined, branch: string | undefined): string | undefined {
  if (sweep === undefined) return "the sweep's schedule is gone";
  if (!sweep.active) return "the sweep's schedule is inactive";
  const ref = sweep.ref.replace(/^refs\/heads\//, "");
  return branch !== undefined && ref !== branch
    ? `the sweep is for ${ref}, declared is ${branch}`
    : undefined;
}
