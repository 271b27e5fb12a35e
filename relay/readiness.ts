import type { Authenticator } from "./auth/authenticator";
import type { ClaimStore } from "./claims/claim-store";
import type { Clock } from "./clock";

/** What a relay needs of the world, and whether it is there. */
export type Readiness = Readonly<Record<"gitlab" | "claims" | "authentication", "ok" | "not reachable">>;

const GITLAB_MS = 5_000;
/** However often it is asked from outside, the world is asked no more often than this. */
const FRESH_MS = 5_000;

/** Asks GitLab, the store and the issuer of tokens whether they are there. */
export class ReadinessProbe {
  private last: { readonly at: number; readonly found: Promise<Readiness> } | undefined;

  constructor(
    private readonly gitlab: string,
    private readonly store: ClaimStore,
    private readonly authenticator: Authenticator,
    private readonly tools: { readonly fetch: typeof globalThis.fetch; readonly clock: Clock },
  ) {}

  readiness(): Promise<Readiness> {
    const now = this.tools.clock.now();
    if (this.last === undefined || now - this.last.at >= FRESH_MS) this.last = { at: now, found: this.ask() };
    return this.last.found;
  }

  private async ask(): Promise<Readiness> {
    const [gitlab, claims, authentication] = await Promise.all(
      [this.askGitLab(), this.store.check(), this.authenticator.prepare()].map((answer) =>
        answer.then(
          () => "ok" as const,
          () => "not reachable" as const,
        ),
      ),
    );
    return {
      gitlab: gitlab ?? "not reachable",
      claims: claims ?? "not reachable",
      authentication: authentication ?? "not reachable",
    };
  }

  /** Without a token GitLab says 401, and by that that it is there. */
  private async askGitLab(): Promise<void> {
    const response = await this.tools.fetch(`${this.gitlab}/api/v4/version`, {
      redirect: "manual",
      signal: AbortSignal.timeout(GITLAB_MS),
    });
    await response.body?.cancel();
    if (response.status !== 200 && response.status !== 401) throw new Error(`GitLab says ${response.status}`);
  }
}
