import type { Authenticator } from "./auth/authenticator";
import type { ClaimStore } from "./claims/claim-store";
import type { Clock } from "./clock";
import type { PipelineSearch } from "./gitlab/pipeline-search";
import type { GitLabSettings } from "./settings/gitlab-settings";

type There = "ok" | "not reachable";

/** What a relay needs of the world, and whether it is there. */
export interface Readiness {
  readonly gitlab: There;
  readonly claims: There;
  readonly authentication: There;
  /** Absent without one. It is needed once in a blue moon, and ends some day. */
  readonly readToken?: There | "refused";
}

const GITLAB_MS = 5_000;
/** However often it is asked from outside, the world is asked no more often than this. */
const FRESH_MS = 5_000;

/** Asks GitLab, the store and the issuer of tokens whether they are there. */
export class ReadinessProbe {
  private last: { readonly at: number; readonly found: Promise<Readiness> } | undefined;

  constructor(
    private readonly gitlab: GitLabSettings,
    private readonly parts: {
      readonly search: PipelineSearch;
      readonly store: ClaimStore;
      readonly authenticator: Authenticator;
    },
    private readonly tools: { readonly fetch: typeof globalThis.fetch; readonly clock: Clock },
  ) {}

  readiness(): Promise<Readiness> {
    const now = this.tools.clock.now();
    if (this.last === undefined || now - this.last.at >= FRESH_MS) this.last = { at: now, found: this.ask() };
    return this.last.found;
  }

  private async ask(): Promise<Readiness> {
    const { search, store, authenticator } = this.parts;
    const [gitlab, claims, authentication, readToken] = await Promise.all([
      there(this.askGitLab()),
      there(store.check()),
      there(authenticator.prepare()),
      search.works().then(
        (works) => (works ? ("ok" as const) : ("refused" as const)),
        () => "not reachable" as const,
      ),
    ]);
    return { gitlab, claims, authentication, ...(this.gitlab.readTokens && { readToken }) };
  }

  /** Without a token GitLab says 401, and by that that it is there. */
  private async askGitLab(): Promise<void> {
    const response = await this.tools.fetch(`${this.gitlab.url}/api/v4/version`, {
      redirect: "manual",
      signal: AbortSignal.timeout(GITLAB_MS),
    });
    await response.body?.cancel();
    if (response.status !== 200 && response.status !== 401) throw new Error(`GitLab says ${response.status}`);
  }
}

function there(answer: Promise<unknown>): Promise<There> {
  return answer.then(
    () => "ok",
    () => "not reachable",
  );
}
