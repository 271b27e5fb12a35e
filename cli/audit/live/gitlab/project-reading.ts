import type { Io } from "../../../io";
import type { Kubectl } from "../../../kubernetes/kubectl";
import type { Finding } from "../../finding";
import type { DeclaredLoop } from "../declared-loop";
import type { Parts } from "../parts";
import { branchFindings } from "./branch-checks";
import { pipelineFindings } from "./pipeline-checks";
import { ProjectAccess } from "./project-access";
import { ProjectSurvey } from "./project-survey";
import { reachFindings } from "./reach-checks";
import { variableFindings } from "./variable-checks";

/** What is wrong with the deploy project in GitLab; nothing where the stack has none. @throws Skip without a token for it. */
export async function readProject(
  declared: DeclaredLoop,
  kubectl: Kubectl,
  env: Io["env"],
  parts: Parts,
): Promise<Finding[]> {
  const { gitlab } = declared;
  if (gitlab === undefined) return [];
  const project = ProjectAccess.open(gitlab.address, gitlab.projectId, env);
  try {
    const facts = await new ProjectSurvey(project, kubectl, parts).facts();
    return [branchFindings, pipelineFindings, variableFindings, reachFindings].flatMap((check) =>
      check(facts, declared, gitlab.project),
    );
  } finally {
    project.close();
  }
}
