import { createRequire } from "node:module";
import { relative } from "node:path";

/** Files of one run of gitlab-ci-local. All absolute. */
export interface LocalRun {
  /** A work tree: gitlab-ci-local asks git which files are in it. */
  readonly tree: string;
  /** The CI file, which may lie outside of the tree. */
  readonly file: string;
  /** Variables as gitlab-ci-local's variables file, see `variablesFile`. */
  readonly variables: string;
  /** Its own notes. Outside of the tree, so that the tree stays clean. */
  readonly state: string;
  /** An empty folder in the place of a person's home. */
  readonly home: string;
}

/** The program file. */
export const GITLAB_CI_LOCAL = createRequire(__filename).resolve("gitlab-ci-local");

/** Arguments for Node. No value of a variable is among them. */
export function localArguments(run: LocalRun, ...more: readonly string[]): string[] {
  const seen = (path: string) => relative(run.tree, path);
  const files = ["--file", seen(run.file), "--variables-file", seen(run.variables)];
  const places = ["--state-dir", seen(run.state), "--home", run.home];
  return [GITLAB_CI_LOCAL, "--no-color", ...files, ...places, ...more];
}

/** The text of a variables file with values for every environment. `$$` in a value stands for `$`. */
export function variablesFile(values: Readonly<Record<string, string>>): string {
  const entries = Object.entries(values).map(([name, value]) => [
    name,
    { type: "variable", values: { "*": value } },
  ]);
  return JSON.stringify(Object.fromEntries(entries));
}

/** The text of a CI file that gitlab-ci-local reads as it is: it would take a comment like `# @Description` for its own. */
export function ciFileText(content: unknown): string {
  return JSON.stringify(content).replaceAll("#", "\\u0023");
}

/** Variables that gitlab-ci-local makes up when nobody gives them, and that GitLab would not set here. */
const MADE_UP = [
  "CI_COMMIT_BRANCH",
  "CI_DEPENDENCY_PROXY_DIRECT_GROUP_IMAGE_PREFIX",
  "CI_DEPENDENCY_PROXY_GROUP_IMAGE_PREFIX",
  "CI_DEPENDENCY_PROXY_SERVER",
  "CI_DEPENDENCY_PROXY_USER",
  "CI_ENVIRONMENT_ACTION",
  "CI_ENVIRONMENT_NAME",
  "CI_ENVIRONMENT_SLUG",
  "CI_ENVIRONMENT_TIER",
  "CI_ENVIRONMENT_URL",
  "CI_REGISTRY",
  "CI_REGISTRY_IMAGE",
  "CI_SERVER_SHELL_SSH_PORT",
  "CI_TEMPLATE_REGISTRY_HOST",
  "FF_DISABLE_UMASK_FOR_DOCKER_EXECUTOR",
];

/** Arguments that leave out what is not among the given variables. */
export function withoutMadeUp(values: Readonly<Record<string, string>>): string[] {
  return MADE_UP.filter((name) => !(name in values)).flatMap((name) => ["--unset-variable", name]);
}
