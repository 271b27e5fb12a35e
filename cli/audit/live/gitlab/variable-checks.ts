import type { Finding } from "../../finding";
import type { DeclaredDeploy } from "../declared-loop";
import { found } from "../found";
import type { ProjectFacts } from "./facts";

/** Public, and given to jobs of every branch on purpose. */
const PUBLIC = "VAULT_CACERT";

/** Names by which a job, its shell, its sops or its git is led elsewhere. */
const STEERING =
  /^(VAULT_|AZURE_|ARM_|SOPS_|AWS_|GOOGLE_|SOPSLOOP_|LD_|NODE_|NPM_|GIT_|SSL_|HTTPS?_PROXY$|ALL_PROXY$|NO_PROXY$|PATH$|HOME$|BASH_ENV$|ENV$)/i;

/** Variables of the project: those that are declared as they should be, and no others. */
export function variableFindings(
  { variables = [] }: ProjectFacts,
  { audit, state }: DeclaredDeploy,
  project: string,
): Finding[] {
  const declared = audit.pipelines?.variables ?? [];
  return variables.flatMap(({ key, environment_scope: scope, ...is }): Finding[] => {
    const where = `${project}, variable ${key} (${scope})`;
    const name = `${key} (${scope})`;
    if (!declared.includes(name))
      return STEERING.test(key)
        ? [found("gitlab-variable-steers", where, "the program did not set it")]
        : [found("gitlab-variable-undeclared", where, "the program did not set it")];
    if (key === PUBLIC) return [];
    return [
      ...(is.protected ? [] : [found("gitlab-variable-unprotected", where, "it is not protected")]),
      // Without a state it is not known what is shown on purpose.
      ...(is.masked || state === undefined || state.unmasked.has(name)
        ? []
        : [found("gitlab-variable-unmasked", where, "it is not masked")]),
    ];
  });
}
