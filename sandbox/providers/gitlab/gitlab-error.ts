/** What GitLab answered to a request that it did not fulfil. */
export class GitLabError extends Error {
  override readonly name = "GitLabError";
  constructor(
    readonly status: number,
    /** GitLab's own words, on one line. */
    readonly complaint: string,
    readonly doing: string,
  ) {
    super(`GitLab refused to ${doing} (${status}): ${complaint || "no reason given"}${advice(status)}`);
  }

  /** The same with a hint on how to mend it. */
  hinting(hint: string): Error {
    return new Error(`${this.message}; ${hint}`);
  }
}

function advice(status: number): string {
  switch (status) {
    case 401:
      return "; the token is not valid: set GITLAB_TOKEN to one of scope api";
    case 403:
      return "; the token's user may not do this: it takes the Maintainer role and a token of scope api";
    case 404:
      return "; it is not there, or the token's user may not see it";
    default:
      return "";
  }
}
