import type { Clock } from "../clock";
import type { GitLabSettings } from "../settings/gitlab-settings";
import { answerText } from "./answer-text";
import { retryAfterMs } from "./retry-after";
import type { RotationInputs } from "./rotation-inputs";
import { type TriggerAnswer, triggerAnswer } from "./trigger-answer";

/** What GitLab has said. */
export interface Answered {
  readonly answer: TriggerAnswer;
  /** In ms, where GitLab asks for a pause. */
  readonly retryAfter?: number | undefined;
}

/** Longer than GitLab takes for the largest of pipelines; with all that comes before it, shorter than a claim's lease. */
const LONGEST_MS = 40_000;

/** One call of GitLab's trigger API. */
export class TriggerCall {
  constructor(
    private readonly settings: GitLabSettings,
    private readonly tools: { readonly fetch: typeof globalThis.fetch; readonly clock: Clock },
  ) {}

  /** Resolves with whatever comes of it within 40 s. Never rejects. */
  async answer(token: string, { backend, key, version }: RotationInputs): Promise<Answered> {
    const { clock } = this.tools;
    const { url, project, ref, inputs } = this.settings;
    const body = {
      token,
      ref,
      inputs: { [inputs.backend]: backend, [inputs.key]: key, [inputs.version]: version },
    };
    const controller = new AbortController();
    const forget = clock.after(LONGEST_MS, () => controller.abort());
    try {
      const response = await this.tools.fetch(
        `${url}/api/v4/projects/${encodeURIComponent(project)}/trigger/pipeline`,
        {
          method: "POST",
          headers: { "content-type": "application/json", accept: "application/json" },
          body: JSON.stringify(body),
          // The token must not follow to wherever GitLab's name leads.
          redirect: "manual",
          signal: controller.signal,
        },
      );
      const retryAfter = retryAfterMs(response.headers.get("retry-after"), clock.now());
      return { answer: triggerAnswer(response.status, await answerText(response)), retryAfter };
    } catch {
      return {
        answer: controller.signal.aborted ? TIMED_OUT : { kind: "again", reason: "unreachable" },
      };
    } finally {
      forget();
    }
  }
}

/** It may well have started a pipeline: it is not made again at once. */
export const TIMED_OUT: TriggerAnswer = { kind: "later", reason: "timeout", says: "" };
