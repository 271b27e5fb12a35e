import type { Rule } from "../rule";
import { rule as branchProtected } from "./branch-protected";
import { rule as branchProtectionMaintainers } from "./branch-protection-maintainers";
import { rule as branchProtectionNoForcePush } from "./branch-protection-no-force-push";
import { rule as ciNoVariablesSent } from "./ci-no-variables-sent";
import { rule as ciOnePipeline } from "./ci-one-pipeline";
import { rule as ciPinnedImage } from "./ci-pinned-image";
import { rule as deployKeyStrong } from "./deploy-key-strong";
import { rule as fileNoSecret } from "./file-no-secret";
import { rule as hookVerified } from "./hook-verified";
import { rule as jobTokenScopeNamed } from "./job-token-scope-named";
import { rule as projectNoForks } from "./project-no-forks";
import { rule as projectPipelineVariables } from "./project-pipeline-variables";
import { rule as projectPrivateJobs } from "./project-private-jobs";
import { rule as projectTokenSubject } from "./project-token-subject";
import { rule as providerVerified } from "./provider-verified";
import { rule as scheduleActive } from "./schedule-active";
import { rule as triggerDescribed } from "./trigger-described";
import { rule as triggerFew } from "./trigger-few";
import { rule as variableMasked } from "./variable-masked";
import { rule as variableNoCloudCredential } from "./variable-no-cloud-credential";
import { rule as variableOneEnvironment } from "./variable-one-environment";
import { rule as variableProtected } from "./variable-protected";

export const GITLAB_RULES: readonly Rule[] = [
  branchProtected,
  branchProtectionMaintainers,
  branchProtectionNoForcePush,
  ciNoVariablesSent,
  ciOnePipeline,
  ciPinnedImage,
  deployKeyStrong,
  fileNoSecret,
  hookVerified,
  jobTokenScopeNamed,
  projectNoForks,
  projectPipelineVariables,
  projectPrivateJobs,
  projectTokenSubject,
  providerVerified,
  scheduleActive,
  triggerDescribed,
  triggerFew,
  variableMasked,
  variableNoCloudCredential,
  variableOneEnvironment,
  variableProtected,
];
