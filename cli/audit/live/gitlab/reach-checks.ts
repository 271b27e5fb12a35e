import type { Finding } from "../../finding";
import type { DeclaredLoop } from "../declared-loop";
import { found } from "../found";
import type { Hook, ProjectFacts } from "./facts";

const OWN_KEY = "sopsloop";

/** Who else is told of pushes, or reaches the project by a token or a key. */
export function reachFindings(facts: ProjectFacts, { gitlab }: DeclaredLoop, project: string): Finding[] {
  const { hooks = [], deployKeys = [], jobTokens, receiverPaths } = facts;
  const findings = hooks.flatMap((hook) => hookFindings(hook, receiverPaths, project));
  for (const { id, title, can_push: writes } of deployKeys)
    if (writes && title !== OWN_KEY)
      findings.push(found("gitlab-deploy-key-writes", `${project}, deploy key ${id}`, `"${title}" may push`));
  if (jobTokens === undefined) return findings;
  if (!jobTokens.inbound)
    findings.push(found("gitlab-job-tokens-open", project, "job tokens of every project are let in"));
  // The app's project, for its chart job; which one it is the outputs do not tell.
  const expected = gitlab?.roles.chart === undefined ? 0 : 1;
  if (jobTokens.projects.length > expected || jobTokens.groups.length > 0)
    findings.push(
      found(
        "gitlab-job-tokens-others",
        project,
        `let in are ${[...jobTokens.projects, ...jobTokens.groups.map((group) => `group ${group}`)].join(", ")}; ${expected === 0 ? "none is" : "one project is"} declared`,
      ),
    );
  return findings;
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
