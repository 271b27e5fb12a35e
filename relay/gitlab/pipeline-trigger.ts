import type { Clock } from "../clock";
import type { Deadline } from "../deadline";
import type { RelayLog } from "../observe/relay-log";
import type { RelayMetrics } from "../observe/relay-metrics";
import { type Refusal, unavailable } from "../refusal";
import type { GitLabSettings } from "../settings/gitlab-settings";
import { NotStarted } from "./not-started";
import type { PipelineSearch } from "./pipeline-search";
import type { RotationInputs } from "./rotation-inputs";
import type { TriggerAnswer } from "./trigger-answer";
import { type Answered, TIMED_OUT, TriggerCall } from "./trigger-call";
import { type LateOutcome, Unanswered } from "./unanswered";

/** How long a delivery waits for one call. */
const CALL_MS = 8_000;
const CALLS = 2;
/** Longest pause between two calls: whoever asks for more is asked again with the next delivery. */
const LONGEST_PAUSE_MS = 4_000;

/** Answers after which GitLab may have started a pipeline all the same: whoever has said them is not GitLab itself, or broke off. */
const IN_DOUBT: ReadonlySet<string> = new Set(["server_error", "unreachable", "timeout"]);

/** A pipeline that runs for a key version. */
export interface Started {
  readonly pipeline: string;
  /** It was there already: an earlier delivery had started it and could not say so any more. */
  readonly before: boolean;
}

/** Starts pipelines by GitLab's trigger API: the only thing that the relay can do to anybody. */
export class PipelineTrigger {
  /** The token that GitLab took last goes first. */
  private preferred = "";
  private readonly calls: TriggerCall;

  constructor(
    private readonly settings: GitLabSettings,
    private readonly search: PipelineSearch,
    private readonly tools: {
      readonly fetch: typeof globalThis.fetch;
      readonly clock: Clock;
      readonly log: RelayLog;
      readonly metrics: RelayMetrics;
    },
  ) {
    this.calls = new TriggerCall(settings, tools);
  }

  /**
   * Two calls at most: the second with the other token where GitLab does not know the first, or after a pause where it has not
   * carried out the first. Where one may have been started before, GitLab is asked for it first, as far as the relay may read there.
   *
   * @param doubt whether an earlier delivery may have started it. @throws Refusal 503 for everything else: an event is worth keeping until somebody has mended GitLab;
   * Unanswered where a call takes longer than a delivery can wait.
   */
  async start(inputs: RotationInputs, deadline: Deadline, doubt: boolean): Promise<Started> {
    let unsure = doubt;
    const tokens = this.tokens();
    let token = tokens.shift();
    let refusal = unavailable("gitlab_token", "no trigger token");
    for (let call = 1; call <= CALLS && token !== undefined; call += 1) {
      // Nobody waits any more, so nobody would be told.
      if (deadline.left === 0) throw new NotStarted(unavailable("deadline", "it takes too long"), unsure);
      const before = unsure ? await this.search.find(inputs, deadline) : undefined;
      if (before !== undefined) return { pipeline: before, before: true };
      const { answer, retryAfter, late } = await this.call(token, inputs, deadline);
      this.tools.metrics.gitlab(
        answer.kind === "again" || answer.kind === "later" ? answer.reason : answer.kind,
      );
      if (answer.kind === "started") {
        this.preferred = token;
        return { pipeline: answer.pipeline, before: false };
      }
      unsure = leavesDoubt(answer);
      refusal = this.refused(answer, retryAfter);
      if (late) throw new Unanswered(refusal, late);
      if (answer.kind === "later") break;
      if (answer.kind === "token_refused") token = tokens.shift();
      else if (call === CALLS || !(await this.paused(retryAfter, deadline))) break;
    }
    throw new NotStarted(refusal, unsure);
  }

  private tokens(): string[] {
    const all = [...new Set(this.settings.tokens.values)];
    return all.sort((one, other) => Number(other === this.preferred) - Number(one === this.preferred));
  }

  /** Waits for one call no longer than it may take. What it comes to after that is told late. */
  private async call(
    token: string,
    inputs: RotationInputs,
    deadline: Deadline,
  ): Promise<Answered & { late?: Promise<LateOutcome> }> {
    const answered = this.calls.answer(token, inputs);
    const slow = new Error("GitLab is slow");
    try {
      return await deadline.within(answered, () => slow, CALL_MS);
    } catch {
      const late = answered.then(({ answer }) => outcomeOf(answer));
      return { answer: TIMED_OUT, late };
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

function leavesDoubt(answer: TriggerAnswer): boolean {
  return (answer.kind === "again" || answer.kind === "later") && IN_DOUBT.has(answer.reason);
}

function outcomeOf(answer: TriggerAnswer): LateOutcome {
  if (answer.kind === "started") return { pipeline: answer.pipeline };
  return leavesDoubt(answer) ? "unknown" : "none";
}
