import type { Deadline } from "../deadline";
import { isObject } from "../events/record";
import type { RelayLog } from "../observe/relay-log";
import type { RelayMetrics } from "../observe/relay-metrics";
import { unavailable } from "../refusal";
import type { GitLabSettings } from "../settings/gitlab-settings";
import { answerText } from "./answer-text";
import { pipelineName, type RotationInputs } from "./rotation-inputs";

/** How long one look may take: with the two calls that it may stand before, less than a claim's lease. */
const LOOK_MS = 3_000;

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
   * GitLab takes none: a second pipeline is better than none. @throws Refusal 503 where GitLab does not answer.
   */
  async find(inputs: RotationInputs, deadline: Deadline): Promise<string | undefined> {
    const { readTokens } = this.settings;
    if (!readTokens || inputs.version === "") return undefined;
    for (const token of readTokens.values) {
      const response = await deadline.within(this.ask(token, inputs), lost, LOOK_MS);
      if (response.status === 200) return oldest(parsed(response.text), pipelineName(inputs));
      if (![401, 403, 404].includes(response.status)) throw lost();
    }
    this.tools.metrics.gitlab("read_token_refused");
    this.tools.log.error("GitLab lets the read token see no pipelines; there may be a second one", {
      reason: "gitlab_read_token",
    });
    return undefined;
  }

  private async ask(token: string, inputs: RotationInputs): Promise<{ status: number; text: string }> {
    const { url, project, ref } = this.settings;
    const query = new URLSearchParams({
      ...{ ref, source: "trigger", name: pipelineName(inputs) },
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

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw lost();
  }
}

/** Compared here, too: a GitLab before 15.11 takes no notice of `name`, and lists pipelines without one. */
function oldest(found: unknown, name: string): string | undefined {
  if (!Array.isArray(found)) throw lost();
  const first = found.find((one: unknown) => isObject(one) && one.name === name);
  return isObject(first) && Number.isSafeInteger(first.id) ? String(first.id) : undefined;
}
