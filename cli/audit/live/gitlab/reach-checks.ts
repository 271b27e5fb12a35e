import type { Finding } from "../../finding";
import type { DeclaredDeploy } from "../declared-loop";
import { found } from "../found";
import type { DeclaredProject } from "./declared-project";
import type { Hook, ProjectFacts, ProjectSettings } from "./facts";

const OWN_KEY = "sopsloop";

/** Who else is told of pushes, or reaches the project by a token or a key. */
export function reachFindings(
  facts: ProjectFacts,
  { gitlab, state }: DeclaredDeploy,
  project: string,
): Finding[] {
  const { settings, hooks = [], deployKeys = [], jobTokens, receiverPaths } = facts;
  const findings = hooks.flatMap((hook) => hookFindings(hook, receiverPaths, project));
  for (const { id, title, can_push: writes } of deployKeys)
    if (writes && title !== OWN_KEY)
      findings.push(found("gitlab-deploy-key-writes", `${project}, deploy key ${id}`, `"${title}" may push`));
  findings.push(...visibilityFindings(settings, state, project));
  if (jobTokens === undefined) return findings;
  if (!jobTokens.inbound)
    findings.push(found("gitlab-job-tokens-open", project, "job tokens of every project are let in"));
  // The app's project, for its chart job; which one it is only the state tells.
  const uncertain = state === undefined && gitlab?.roles.chart !== undefined ? 1 : 0;
  const strangers = jobTokens.projects.filter(({ id }) => state?.letIn.has(id) !== true);
  const others = [
    ...(strangers.length > uncertain ? strangers.map(({ path }) => path) : []),
    ...jobTokens.groups.map((group) => `group ${group}`),
  ];
  if (others.length > 0)
    findings.push(
      found(
        "gitlab-job-tokens-others",
        project,
        `let in are ${others.join(", ")}${strangers.length > uncertain && uncertain > 0 ? "; one project is declared" : ""}`,
      ),
    );
  return findings;
}

/** Who sees the repository, or may take it along. */
function visibilityFindings(
  { visibility, forking_access_level: forking }: ProjectSettings,
  state: DeclaredProject | undefined,
  project: string,
): Finding[] {
  const isShown = visibility === "public" || (visibility === "internal" && state?.visibility === "private");
  const mayFork = state?.forking === "disabled" && forking !== undefined && forking !== "disabled";
  return [
    ...(isShown ? [found("gitlab-project-shown", project, `it is ${visibility}`)] : []),
    ...(mayFork ? [found("gitlab-project-forks", project, `forking_access_level is ${forking}`)] : []),
  ];
}

/** The path of the receiver's own is a secret, so that only the host is told. */
function hookFindings(
  { id, url, enable_ssl_verification: verifies }: Hook,
  paths: readonly string[] | undefined,
  project: string,
): Finding[] {
  const where = `${project}, webhook ${id}`;
  if (!URL.canParse(url)) return [];
  const { protocol, host, hostname, pathname } = new URL(url);
  const isHere = /^(127\.|\[::1\]$|localhost$)/.test(hostname);
  const isOpen = protocol === "https:" ? !verifies : !isHere;
  const unverified =
    isOpen || !verifies ? [found("gitlab-hook-unverified", where, `it goes to ${protocol}//${host}`)] : [];
  const isOurs = paths === undefined || paths.some((path) => pathname.endsWith(path));
  return isOurs ? unverified : [...unverified, found("gitlab-hook-undeclared", where, `it goes to ${host}`)];
}
