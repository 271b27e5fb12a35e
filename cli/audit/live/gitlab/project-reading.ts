import type { Io } from "../../../io";
import type { Kubectl } from "../../../kubernetes/kubectl";
import { CONFIG_NAME } from "../../../rules/sops-configs";
import type { Finding } from "../../finding";
import type { StateResource } from "../../source/state-resource";
import type { DeclaredLoop } from "../declared-loop";
import type { Parts } from "../parts";
import { branchFindings } from "./branch-checks";
import { type DeclaredFile, type DeclaredProject, declaredProject } from "./declared-project";
import { fileFindings } from "./file-checks";
import { pipelineFindings } from "./pipeline-checks";
import { ProjectAccess } from "./project-access";
import { ProjectSurvey } from "./project-survey";
import { reachFindings } from "./reach-checks";
import { variableFindings } from "./variable-checks";

const CHECKS = [branchFindings, pipelineFindings, variableFindings, reachFindings, fileFindings];

const NO_STATE =
  "the outputs do not tell who may merge, which variables are shown in logs, whose jobs are let in, and the texts of pipelines; give --stack or --export";

/** What is wrong with the deploy project in GitLab; nothing where the stack has none. @throws Skip without a token for it. */
export async function readProject(
  declared: DeclaredLoop,
  resources: readonly StateResource[],
  kubectl: Kubectl,
  env: Io["env"],
  parts: Parts,
): Promise<Finding[]> {
  const { gitlab } = declared;
  if (gitlab === undefined) return [];
  const project = ProjectAccess.open(gitlab.address, gitlab.projectId, env);
  try {
    const state = declaredProject(resources, gitlab.projectId);
    const facts = await new ProjectSurvey(project, kubectl, parts).facts(filesOf(declared, state));
    if (state === undefined) parts.skip("gitlab-state", NO_STATE);
    return CHECKS.flatMap((check) => check(facts, { ...declared, state }, gitlab.project));
  } finally {
    project.close();
  }
}

/** The outputs tell what `.sops.yaml` should be even after a refresh has taken what was there into the state. */
function filesOf(
  { sopsConfig, audit }: DeclaredLoop,
  state: DeclaredProject | undefined,
): readonly DeclaredFile[] {
  const others = (state?.files ?? []).filter(({ path }) => path !== CONFIG_NAME);
  const [target] = audit.decryption;
  return target === undefined
    ? others
    : [{ path: CONFIG_NAME, branch: target.branch, text: sopsConfig }, ...others];
}
