import type { Clock } from "../clock";
import type { Deadline } from "../deadline";
import type { RelayLog } from "../observe/relay-log";
import type { RelayMetrics } from "../observe/relay-metrics";
import { type Refusal, unavailable } from "../refusal";
import type { GitLabSettings } from "../settings/gitlab-settings";
import { retryAfterMs } from "./retry-after";
import { type TriggerAnswer, triggerAnswer } from "./trigger-answer";

/** What a pipeline is told. Nothing else of an event goes to GitLab. */
export interface RotationInputs {
  /** As sops calls the kind of key, such as `azure_kv`. */
  readonly backend: string;
  /** `vault/key`. */
  readonly key: string;
  /** Empty where the event has none. */
  readonly version: string;
}

const CALL_MS = 8_000;
const CALLS = 2;
/** Longest pause between two calls: whoever asks for more is asked again with the next delivery. */
const LONGEST_PAUSE_MS = 4_000;
const LONGEST_ANSWER = 64 * 1024;

/** Starts pipelines by GitLab's trigger API: the only thing that the relay can do to anybody. */
export class PipelineTrigger {
  /** The token that GitLab took last goes first. */
  private preferred = "";

  constructor(
    private readonly settings: GitLabSettings,
    private readonly tools: {
      readonly fetch: typeof globalThis.fetch;
      readonly clock: Clock;
      readonly log: RelayLog;
      readonly metrics: RelayMetrics;
    },
  ) {}

  /**
   * Two calls at most: the second with the other token where GitLab does not know the first, or after a pause where it has not
   * carried out the first.
   *
   * @returns the pipeline's id. @throws Refusal 503 for everything else: an event is worth keeping until somebody has mended GitLab.
   */
  async start(inputs: RotationInputs, deadline: Deadline): Promise<string> {
    const tokens = this.tokens();
    let token = tokens.shift();
    let refusal = unavailable("gitlab_token", "no trigger token");
    for (let call = 1; call <= CALLS && token !== undefined; call += 1) {
      const { answer, retryAfter } = await this.call(token, inputs, deadline);
      this.tools.metrics.gitlab(
        answer.kind === "again" || answer.kind === "later" ? answer.reason : answer.kind,
      );
      if (answer.kind === "started") {
        this.preferred = token;
        return answer.pipeline;
      }
      refusal = this.refused(answer, retryAfter);
      if (answer.kind === "later") break;
      if (answer.kind === "token_refused") token = tokens.shift();
      else if (call === CALLS || !(await this.paused(retryAfter, deadline))) break;
    }
    throw refusal;
  }

  private tokens(): string[] {
    const all = [...new Set(this.settings.tokens.values)];
    return all.sort((one, other) => Number(other === this.preferred) - Number(one === this.preferred));
  }

  private async call(
    token: string,
    { backend, key, version }: RotationInputs,
    deadline: Deadline,
  ): Promise<{ answer: TriggerAnswer; retryAfter?: number | undefined }> {
    const { url, project, ref, inputs } = this.settings;
    const body = {
      token,
      ref,
      inputs: { [inputs.backend]: backend, [inputs.key]: key, [inputs.version]: version },
    };
    try {
      return await deadline.call(CALL_MS, async (signal) => {
        const response = await this.tools.fetch(
          `${url}/api/v4/projects/${encodeURIComponent(project)}/trigger/pipeline`,
          {
            method: "POST",
            headers: { "content-type": "application/json", accept: "application/json" },
            body: JSON.stringify(body),
            // The token must not follow to wherever GitLab's name leads.
            redirect: "manual",
            signal,
          },
        );
        const retryAfter = retryAfterMs(response.headers.get("retry-after"), this.tools.clock.now());
        return { answer: triggerAnswer(response.status, await textOf(response)), retryAfter };
      });
    } catch (error) {
      return { answer: broken(error) };
    }
  }

  /** Waits before the second call. @returns false where it is not worth it. */
  private async paused(asked: number | undefined, deadline: Deadline): Promise<boolean> {
    const { clock } = this.tools;
    const pause = asked ?? 250 + clock.random() * 750;
    if (pause > LONGEST_PAUSE_MS || pause > deadline.left - CALL_MS) return false;
    await clock.sleep(pause);
    return true;
  }

  private refused(
    answer: Exclude<TriggerAnswer, { kind: "started" }>,
    retryAfter: number | undefined,
  ): Refusal {
    const { log } = this.tools;
    const seconds = retryAfter === undefined ? undefined : Math.ceil(retryAfter / 1000);
    if (answer.kind === "token_refused") {
      log.error("GitLab knows neither this trigger token nor, to its holder, the project", {
        reason: "gitlab_token",
      });
      return unavailable("gitlab_token", "GitLab did not take the trigger token");
    }
    const says = answer.kind === "later" && answer.says !== "" ? { says: answer.says } : {};
    log.warn("GitLab started no pipeline", { reason: answer.reason, ...says });
    return unavailable(`gitlab_${answer.reason}`, "GitLab started no pipeline", seconds);
  }
}

/** A call without an answer. One that ran into its time may well have started a pipeline: it is not made again at once. */
function broken(error: unknown): TriggerAnswer {
  const name = error instanceof Error ? error.name : "";
  if (name === "TimeoutError" || name === "AbortError") return { kind: "later", reason: "timeout", says: "" };
  return { kind: "again", reason: "unreachable" };
}

async function textOf(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.byteLength;
    if (size > LONGEST_ANSWER) break;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}
