import type { Deadline } from "../deadline";
import { isObject } from "../events/record";
import type { RelayLog } from "../observe/relay-log";
import type { RelayMetrics } from "../observe/relay-metrics";
import { unavailable } from "../refusal";
import type { GitLabSettings } from "../settings/gitlab-settings";
import { answerText } from "./answer-text";
import { pipelineName, type RotationInputs } from "./rotation-inputs";

/** How long one look may take: it leaves the call behind it most of a delivery's time. */
const LOOK_MS = 3_000;

/** Answers below 500 that may be others in a moment. */
const PASSING: ReadonlySet<number> = new Set([408, 429]);

/** Finds a pipeline that was started without anybody having written it down. A trigger token cannot: it takes one that may read. */
export class PipelineSearch {
  constructor(
    private readonly settings: GitLabSettings,
    private readonly tools: {
      readonly fetch: typeof globalThis.fetch;
      readonly log: RelayLog;
      readonly metrics: RelayMetrics;
    },
  ) {}

  /**
   * The oldest pipeline that bears the name. A version is rotated to once, so there is none but that of an earlier delivery.
   *
   * @returns its id; undefined where there is none, where the event has no version to know it by, without a token that reads, and where
   * GitLab takes none or answers with something else: a second pipeline is better than none. @throws Refusal 503 for what may be over soon.
   */
  async find(inputs: RotationInputs, deadline: Deadline): Promise<string | undefined> {
    const { readTokens } = this.settings;
    if (!readTokens || inputs.version === "") return undefined;
    const name = pipelineName(inputs);
    for (const token of readTokens.values) {
      const response = await deadline.within(this.ask(token, name), lost, LOOK_MS);
      const found = response.status === 200 ? listed(response.text) : undefined;
      if (found) return oldest(found, name);
      if (response.status >= 500 || PASSING.has(response.status)) throw lost();
    }
    this.tools.metrics.gitlab("read_token_refused");
    this.tools.log.error("GitLab lets the read token see no pipelines; there may be a second one", {
      reason: "gitlab_read_token",
    });
    return undefined;
  }

  /** Whether one of the tokens lists pipelines. @throws where GitLab does not answer */
  async works(): Promise<boolean> {
    for (const token of this.settings.readTokens?.values ?? []) {
      const response = await this.ask(token, "any");
      if (response.status === 200 && listed(response.text)) return true;
    }
    return false;
  }

  private async ask(token: string, name: string): Promise<{ status: number; text: string }> {
    const { url, project, ref } = this.settings;
    const query = new URLSearchParams({
      ...{ ref, source: "trigger", name },
      ...{ order_by: "id", sort: "asc", per_page: "20" },
    });
    try {
      const response = await this.tools.fetch(
        `${url}/api/v4/projects/${encodeURIComponent(project)}/pipelines?${query}`,
        {
          headers: { accept: "application/json", "private-token": token },
          // The token must not follow to wherever GitLab's name leads.
          redirect: "manual",
          signal: AbortSignal.timeout(LOOK_MS),
        },
      );
      return { status: response.status, text: await answerText(response) };
    } catch {
      throw lost();
    }
  }
}

function lost(): Error {
  return unavailable("gitlab_search", "GitLab does not say which pipelines there are");
}

function listed(text: string): readonly unknown[] | undefined {
  try {
    const found: unknown = JSON.parse(text);
    return Array.isArray(found) ? found : undefined;
  } catch {
    return undefined;
  }
}

/** Compared here, too: a GitLab before 16.9 takes no notice of `name`. */
function oldest(found: readonly unknown[], name: string): string | undefined {
  const first = found.find((one) => isObject(one) && one.name === name);
  return isObject(first) && Number.isSafeInteger(first.id) ? String(first.id) : undefined;
}
