import { CliError } from "../../errors/cli-error";
import type { GitLabAnswer } from "./gitlab-connection";
import type { MergeRequest } from "./merge-request";

/** A try that got no answer, or one that says nothing about what was asked: it may have been done all the same. */
export class Unanswered {
  constructor(
    private readonly why: string,
    readonly retryAfter: string | undefined,
  ) {}

  gaveUp(api: string, tries: number): CliError {
    const what = /^\d+$/.test(this.why) ? `still answers ${this.why}` : `cannot be reached (${this.why})`;
    return new CliError(`GitLab at ${api} ${what}, tried ${tries} times; run this job again later`);
  }
}

export function unreachable(api: string, code: string): CliError {
  if (/CERT|ISSUER|SIGNED|SIGNATURE|ALTNAME/.test(code))
    return new CliError(
      `GitLab at ${api}: its certificate is not trusted (${code}); set NODE_EXTRA_CA_CERTS, or CI_SERVER_TLS_CA_FILE, to its CA's PEM file`,
    );
  return new CliError(`GitLab at ${api} cannot be reached (${code}); is CI_API_V4_URL right?`);
}

/** What was asked for, and what GitLab would have to allow for it. */
export type Asked = "who this is" | "the comments" | "to comment";

/** Why GitLab does not do it, in one line that says how to mend it. */
export function refusal(
  { api, project, iid, token }: MergeRequest,
  asked: Asked,
  { status, body }: GitLabAnswer,
): CliError {
  const told = messageOf(body);
  const where = `GitLab at ${api}`;
  const jobs = token.startsWith("glcbt-") ? ": it is a job's own, which may not comment" : "";
  if (status === 401)
    return new CliError(
      `${where} does not take GITLAB_TOKEN${jobs || ": it has expired, was revoked, or is another GitLab's"}; make a project access token with the scope api and the role Reporter or higher`,
    );
  if (status === 403 && /insufficient_scope/.test(told))
    return new CliError(`${where}: GITLAB_TOKEN lacks the scope api; make one that has it`);
  if (status === 403)
    return new CliError(
      `${where} does not let the user of GITLAB_TOKEN ${asked === "to comment" ? "comment" : "read"} merge request !${iid} of project ${project}; it needs the role Reporter or higher there, and the discussion must not be locked`,
    );
  if (status === 404 && /project/i.test(told))
    return new CliError(
      `${where} shows no project ${project} to the user of GITLAB_TOKEN; make it a member with the role Reporter or higher`,
    );
  if (status === 404)
    return new CliError(
      `${where}: project ${project} has no merge request !${iid} (CI_MERGE_REQUEST_IID), or does not show it to the user of GITLAB_TOKEN`,
    );
  if (status >= 300 && status < 400)
    return new CliError(
      `${where} sends its callers on to another address; a token is not sent after a redirect: set CI_API_V4_URL to that address`,
    );
  const why = told === "" ? "" : `: ${told}`;
  return new CliError(`${where} answers ${status} when asked ${asked}${why}`);
}

/** GitLab's own words, on one line and never long. */
function messageOf(body: unknown): string {
  if (typeof body !== "object" || body === null) return "";
  const said: unknown = Reflect.get(body, "message") ?? Reflect.get(body, "error");
  const text = typeof said === "string" ? said : said === undefined ? "" : JSON.stringify(said);
  return text.replace(/[\p{Cc}\p{Cf}]+/gu, " ").slice(0, 200);
}
