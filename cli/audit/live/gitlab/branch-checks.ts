import type { Finding } from "../../finding";
import type { DeclaredLoop } from "../declared-loop";
import { found } from "../found";
import type { AccessLevel, ProjectFacts } from "./facts";

const MAINTAINERS = 40;
/** What the program calls its own deploy key. */
const OWN_KEY = "sopsloop";

/** Who may write the branch that Flux applies. */
export function branchFindings(
  { branches, deployKeys = [] }: ProjectFacts,
  { audit }: DeclaredLoop,
  project: string,
): Finding[] {
  if (branches === undefined) return [];
  const own = new Set(deployKeys.filter(({ title }) => title === OWN_KEY).map(({ id }) => id));
  return [...new Set(audit.decryption.map(({ branch }) => branch))].flatMap((branch): Finding[] => {
    const where = `${project}, branch ${branch}`;
    // Of several rules that fit, the one that allows most counts.
    const rules = branches.filter(({ name }) => fits(name, branch));
    if (rules.length === 0) return [found("gitlab-branch-unprotected", where, "no rule protects it")];
    const forced = rules.find((rule) => rule.allow_force_push);
    const pushers = rules
      .flatMap((rule) => rule.push_access_levels)
      .filter((level) => !isMaintainers(level) && !own.has(level.deploy_key_id ?? -1));
    return [
      ...(forced ? [found("gitlab-branch-force-push", where, `the rule ${forced.name} allows it`)] : []),
      ...(pushers.length > 0
        ? [found("gitlab-branch-pushers", where, `${pushers.map(nameOf).join(", ")} may push`)]
        : []),
    ];
  });
}

function fits(rule: string, branch: string): boolean {
  const pattern = rule.split("*").map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${pattern.join(".*")}$`).test(branch);
}

/** Or nobody, or administrators. A level for one user, group or key has another meaning. */
function isMaintainers({ access_level: level, ...one }: AccessLevel): boolean {
  const isForOne = [one.user_id, one.group_id, one.deploy_key_id].some((id) => typeof id === "number");
  return !isForOne && level !== null && (level === 0 || level >= MAINTAINERS);
}

function nameOf({ access_level_description: words, ...level }: AccessLevel): string {
  return words ?? (level.deploy_key_id ? "a deploy key" : level.group_id ? "a group" : "a user");
}
