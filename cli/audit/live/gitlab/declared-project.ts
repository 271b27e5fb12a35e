import { textAt } from "../../facts/facts";
import type { StateResource } from "../../source/state-resource";

/** A file of the deploy repository that the program writes. */
export interface DeclaredFile {
  readonly path: string;
  readonly branch: string;
  readonly text: string;
}

/** What the stack's state says of the deploy project, and its outputs do not. */
export interface DeclaredProject {
  readonly files: readonly DeclaredFile[];
  readonly developersMayMerge: boolean;
  /** Numbers of the projects whose jobs are let in. */
  readonly letIn: ReadonlySet<number>;
  /** Variables that are shown in logs on purpose, as `DB_HOST (production)`. */
  readonly unmasked: ReadonlySet<string>;
  readonly visibility: string | undefined;
  readonly forking: string | undefined;
  /** Path of the CI file as GitLab has it; empty for GitLab's own. */
  readonly ciConfigPath: string;
}

/**
 * Of the resources of a stack's state. Undefined where they have no project with that number: there is only outputs.
 *
 * @param projectId number of the project, as text
 */
export function declaredProject(
  resources: readonly StateResource[],
  projectId: string,
): DeclaredProject | undefined {
  const of = (kind: string) => resources.filter(({ type }) => type === `gitlab:index/${kind}`);
  const its = (kind: string) =>
    of(kind).flatMap(({ values }) => (textAt(values, "project") === projectId ? [values] : []));
  const project = of("project:Project").find(({ id }) => id === projectId);
  if (project === undefined) return undefined;
  return {
    files: its("repositoryFile:RepositoryFile").flatMap((values) => {
      const [path, branch, text] = ["filePath", "branch", "content"].map((name) => textAt(values, name));
      return path !== undefined && branch !== undefined && text !== undefined ? [{ path, branch, text }] : [];
    }),
    developersMayMerge: its("branchProtection:BranchProtection").some(
      ({ mergeAccessLevel: level, allowedToMerges: list }) =>
        level === "developer" || (Array.isArray(list) && list.some(isForDevelopers)),
    ),
    letIn: new Set(
      its("projectJobTokenScope:ProjectJobTokenScope").map(({ targetProjectId: id }) => Number(id)),
    ),
    unmasked: new Set(
      its("projectVariable:ProjectVariable")
        .filter(({ masked }) => masked === false)
        .map((values) => `${textAt(values, "key")} (${textAt(values, "environmentScope") ?? "*"})`),
    ),
    visibility: textAt(project.values, "visibilityLevel"),
    forking: textAt(project.values, "forkingAccessLevel"),
    ciConfigPath: textAt(project.values, "ciConfigPath") ?? "",
  };
}

function isForDevelopers(entry: unknown): boolean {
  return (
    typeof entry === "object" && entry !== null && "accessLevel" in entry && entry.accessLevel === "developer"
  );
}
