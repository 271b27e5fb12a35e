import { readFileSync } from "node:fs";
import { rootCertificates } from "node:tls";
import { CliError } from "../../errors/cli-error";
import type { Io } from "../../io";

/** Which merge request to comment, and as whom, from the variables of GitLab's job. */
export interface MergeRequest {
  /** `https://gitlab.example.com/api/v4` */
  readonly api: string;
  /** Number of the project that the merge request belongs to. */
  readonly project: string;
  /** Its number within the project. */
  readonly iid: string;
  readonly token: string;
  /** PEM texts to trust; undefined for those that Node trusts by itself. */
  readonly ca: readonly string[] | undefined;
  /** Lines that a person should see. */
  readonly warnings: readonly string[];
}

/** Files with authorities beside the public ones: what Node reads itself, and what GitLab gives to its jobs. */
const AUTHORITIES = ["NODE_EXTRA_CA_CERTS", "CI_SERVER_TLS_CA_FILE"] as const;

/** @throws CliError (2) for a variable that is missing, or none of its kind. */
export function mergeRequestOf({ env }: Pick<Io, "env">): MergeRequest {
  const api = addressOf(env.CI_API_V4_URL);
  const token = env.GITLAB_TOKEN?.trim();
  if (!token)
    throw new CliError(
      "--post: GITLAB_TOKEN is not set; it takes a project access token with the scope api and the role Reporter or higher",
      2,
    );
  if (!/^[\x21-\x7e]+$/.test(token))
    throw new CliError("--post: GITLAB_TOKEN holds a space or a control character; set it anew", 2);
  return {
    api: api.href.replace(/\/+$/, ""),
    // A merge request from a fork runs in the fork, and belongs to the project that it is made to.
    project: numberOf("CI_PROJECT_ID", env.CI_MERGE_REQUEST_PROJECT_ID || env.CI_PROJECT_ID),
    iid: numberOf("CI_MERGE_REQUEST_IID", env.CI_MERGE_REQUEST_IID),
    token,
    ca: authorities(env),
    warnings:
      api.protocol === "http:"
        ? ["CI_API_V4_URL has no TLS: whoever stands between here and GitLab can read the token"]
        : [],
  };
}

function addressOf(address: string | undefined): URL {
  const url = URL.canParse(address ?? "") ? new URL(address ?? "") : undefined;
  const isPlain =
    url && /^https?:$/.test(url.protocol) && !url.username && !url.password && !url.search && !url.hash;
  if (url && isPlain) return url;
  const what = address
    ? `CI_API_V4_URL=${JSON.stringify(address)} is no address`
    : "CI_API_V4_URL is not set";
  throw new CliError(
    `--post: ${what}; GitLab sets it in its jobs, such as https://gitlab.example.com/api/v4`,
    2,
  );
}

function numberOf(variable: string, value: string | undefined): string {
  if (value && /^\d{1,18}$/.test(value)) return value;
  throw new CliError(
    `--post: ${variable} is ${value ? "no number" : "not set"}; GitLab sets it in pipelines of merge requests (rules: if $CI_PIPELINE_SOURCE == "merge_request_event")`,
    2,
  );
}

/** PEM texts of the authorities that the environment names, beside the public ones; undefined where it names none. */
export function authorities(env: Io["env"]): readonly string[] | undefined {
  const named = AUTHORITIES.flatMap((variable) => {
    const file = env[variable];
    return file ? [[variable, file] as const] : [];
  });
  if (named.length === 0) return undefined;
  return [...rootCertificates, ...named.map(([variable, file]) => pemOf(variable, file))];
}

function pemOf(variable: string, file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? String(error);
    throw new CliError(`${variable}: ${file} cannot be read (${code}); name a PEM file that can`, 2);
  }
}
