import type { Finding } from "../../finding";
import type { LiveKind } from "../../kinds/kinds";
import type { DeclaredDeploy } from "../declared-loop";
import { found } from "../found";
import type { AccessLevel, ProjectFacts } from "./facts";

const DEVELOPERS = 30;
const MAINTAINERS = 40;
/** What the program calls its own deploy key. */
const OWN_KEY = "sopsloop";

/** Who may write the branch that Flux applies. */
export function branchFindings(
  { branches, deployKeys = [] }: ProjectFacts,
  { audit, state }: DeclaredDeploy,
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
      .filter((level) => !isAtLeast(MAINTAINERS, level) && !own.has(level.deploy_key_id ?? -1));
    // Without a state it is not known who is declared to.
    const least = state === undefined || state.developersMayMerge ? DEVELOPERS : MAINTAINERS;
    const mergers = rules
      .flatMap((rule) => rule.merge_access_levels)
      .filter((level) => !isAtLeast(least, level));
    const unprotectors = rules
      .flatMap((rule) => rule.unprotect_access_levels ?? [])
      .filter((level) => !isAtLeast(MAINTAINERS, level));
    const tell = (id: LiveKind, levels: readonly AccessLevel[], may: string) =>
      levels.length === 0 ? [] : [found(id, where, `${levels.map(nameOf).join(", ")} may ${may}`)];
    return [
      ...(forced ? [found("gitlab-branch-force-push", where, `the rule ${forced.name} allows it`)] : []),
      ...tell("gitlab-branch-pushers", pushers, "push"),
      ...tell("gitlab-branch-mergers", mergers, "merge"),
      ...tell("gitlab-branch-unprotectors", unprotectors, "unprotect it"),
    ];
  });
}

function fits(rule: string, branch: string): boolean {
  const pattern = rule.split("*").map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${pattern.join(".*")}$`).test(branch);
}

/** Or nobody at all. A level for one user, group or key has another meaning. */
function isAtLeast(least: number, { access_level: level, ...one }: AccessLevel): boolean {
  const isForOne = [one.user_id, one.group_id, one.deploy_key_id].some((id) => typeof id === "number");
  return !isForOne && level !== null && (level === 0 || level >= least);
}

function nameOf({ access_level_description: words, ...level }: AccessLevel): string {
  return words ?? (level.deploy_key_id ? "a deploy key" : level.group_id ? "a group" : "a user");
}
