import { type Environment, Problem } from "./environment";
import { LiveSecret } from "./live-secret";
import { baseUrl, matching } from "./values";

/** The pipeline that a new key version starts. */
export interface GitLabSettings {
  /** Without a slash at its end. */
  readonly url: string;
  /** A number, or the full path. */
  readonly project: string;
  readonly ref: string;
  /** One, or two while the token is rotated. */
  readonly tokens: LiveSecret;
  /** That may list the project's pipelines, and start none. Absent: what nobody wrote down is not looked for. */
  readonly readTokens?: LiveSecret;
  /** How the pipeline calls its three inputs. */
  readonly inputs: InputNames;
}

export interface InputNames {
  readonly backend: string;
  readonly key: string;
  readonly version: string;
}

type Secrets = Omit<Parameters<typeof LiveSecret.from>[2], "check">;

const project = matching(
  /^(\d+|[A-Za-z0-9_][\w.-]*(\/[A-Za-z0-9_][\w.-]*)+)$/,
  "a project's number or full path such as platform/deploy",
);
const ref = matching(/^[\w.-]+(\/[\w.-]+)*$/, "a branch such as main");
const inputName = matching(/^[A-Za-z_][\w-]*$/, "a name of a pipeline input");

export function gitlabSettings(env: Environment, secrets: Secrets): GitLabSettings | undefined {
  const url = env.read("GITLAB_URL", baseUrl);
  const projectName = env.read("GITLAB_PROJECT", project);
  const branch = env.read("GITLAB_REF", ref, "main");
  const tokens = LiveSecret.from(env, "GITLAB_TRIGGER_TOKEN", { check: triggerToken, ...secrets });
  const readTokens = LiveSecret.ifSet(env, "GITLAB_READ_TOKEN", { check: readToken, ...secrets });
  const backend = env.read("RELAY_INPUT_BACKEND", inputName, "backend");
  const key = env.read("RELAY_INPUT_KEY", inputName, "key");
  const version = env.read("RELAY_INPUT_VERSION", inputName, "version");
  if (new Set([backend, key, version]).size < 3)
    env.report(
      "RELAY_INPUT_BACKEND",
      "RELAY_INPUT_KEY and RELAY_INPUT_VERSION must be three different names",
    );
  if (!url || !projectName || !branch || !tokens || !backend || !key || !version) return undefined;
  return {
    ...{ url, project: projectName, ref: branch, tokens, inputs: { backend, key, version } },
    ...(readTokens && { readTokens }),
  };
}

/** A personal access token would do far more than start a pipeline, and GitLab takes none here. */
function triggerToken(value: string): void {
  if (/^glpat-/.test(value))
    throw new Problem(
      "is a personal or project access token; make a pipeline trigger token (glptt-…) instead",
    );
  anyToken(value);
}

function readToken(value: string): void {
  if (/^glptt-/.test(value))
    throw new Problem(
      "is a pipeline trigger token, which reads nothing; make a project access token (Reporter, read_api) instead",
    );
  anyToken(value);
}

function anyToken(value: string): void {
  if (!/^[\x21-\x7e]{8,}$/.test(value))
    throw new Problem("is no token: shorter than 8 characters, or with blanks in it");
}
