import { eventKey, versionKey } from "./claims/claim-keys";
import type { Claim, Claims, Taken } from "./claims/claims";
import type { Clock } from "./clock";
import type { Deadline } from "./deadline";
import type { Envelope } from "./events/batch";
import { type KeyVersion, keyVersionOf } from "./events/key-version";
import { NotStarted } from "./gitlab/not-started";
import type { PipelineTrigger, Started } from "./gitlab/pipeline-trigger";
import { type LateOutcome, Unanswered } from "./gitlab/unanswered";
import type { RelayLog } from "./observe/relay-log";
import type { EventOutcome, RelayMetrics } from "./observe/relay-metrics";
import { Refusal, unavailable } from "./refusal";

/** An event that was read, and the key version it tells of, if any. */
export interface RotationEvent {
  readonly envelope: Envelope;
  readonly keyVersion: KeyVersion | undefined;
}

/** What is in hand. */
interface Work {
  readonly claim: Claim;
  /** The event, as the store knows it. */
  readonly event: string;
  /** `vault/key`. */
  readonly key: string;
  /** Empty where the event has none. */
  readonly version: string;
}

/** As sops calls keys of Azure Key Vault. */
const BACKEND = "azure_kv";
/** How long one waits for another who has the same work in hand, and how often one looks. */
const WAIT_MS = 10_000;
const LOOK_MS = 200;
const CLOSE_TRIES = 3;
const STARTED = "started a pipeline";

/** Reads everything before anything is done: a batch with one malformed event is refused as a whole. @throws Refusal 400 */
export function rotationEvents(envelopes: readonly Envelope[]): readonly RotationEvent[] {
  return envelopes.map((envelope) => ({ envelope, keyVersion: keyVersionOf(envelope) }));
}

/** Turns events into pipelines: one for each version of a key on the list, however often and in whatever order events come. */
export class Rotations {
  constructor(
    private readonly keys: ReadonlySet<string>,
    private readonly claims: Claims,
    private readonly trigger: PipelineTrigger,
    private readonly tools: { readonly clock: Clock; readonly log: RelayLog; readonly metrics: RelayMetrics },
  ) {}

  /** @throws Refusal 503 when the event has to come again: nothing is lost by it. */
  async handle(event: RotationEvent, deadline: Deadline): Promise<Exclude<EventOutcome, "failed">> {
    const { metrics } = this.tools;
    try {
      const outcome = await this.outcomeOf(event, deadline);
      metrics.event(outcome);
      return outcome;
    } catch (error) {
      metrics.event("failed");
      if (error instanceof Refusal) throw error;
      // Whatever is wrong with the store, it is not the event's fault.
      this.tools.log.error("the claims cannot be reached", { why: String(error) });
      throw unavailable("claims", "the relay cannot keep its claims at the moment");
    }
  }

  private async outcomeOf({ envelope, keyVersion }: RotationEvent, deadline: Deadline) {
    const { log } = this.tools;
    const named = keyVersion && `${keyVersion.vault}/${keyVersion.key}`;
    if (!keyVersion || named === undefined || !this.keys.has(named)) {
      log.info("ignored an event", { type: envelope.type, key: named });
      return "ignored";
    }
    const event = eventKey(envelope);
    if (await this.claims.isDone(event)) return "duplicate";
    const { vault, key, version } = keyVersion;
    const work = version === undefined ? event : versionKey({ vault, key, version });
    const taken = await this.takeInTurn(work, deadline);
    if (taken.state === "done") return "duplicate";
    const about = { claim: taken.claim, event, key: named, version: version ?? "" };
    const { pipeline, before } = await this.start(about, deadline, taken.doubtful);
    await this.close(about, pipeline, before ? "found the pipeline of an earlier delivery" : STARTED);
    return before ? "duplicate" : "triggered";
  }

  /** A second delivery of work that is in hand waits for its end: told off, Event Grid would take the relay for overloaded. */
  private async takeInTurn(key: string, deadline: Deadline): Promise<Exclude<Taken, { state: "busy" }>> {
    const { clock } = this.tools;
    const until = clock.now() + Math.min(WAIT_MS, deadline.left);
    for (;;) {
      const taken = await this.claims.take(key);
      if (taken.state !== "busy") return taken;
      if (clock.now() + LOOK_MS > until)
        throw unavailable("busy", "another delivery has this key version in hand");
      await clock.sleep(LOOK_MS * (0.5 + clock.random()));
    }
  }

  private async start(about: Work, deadline: Deadline, doubt: boolean): Promise<Started> {
    const { claim, key, version } = about;
    try {
      return await this.trigger.start({ backend: BACKEND, key, version }, deadline, doubt);
    } catch (error) {
      if (error instanceof Unanswered) void this.closeLate(about, error.late);
      else await this.release(claim, !(error instanceof NotStarted) || error.doubtful);
      throw error;
    }
  }

  /** Holds the claim until GitLab has answered: the next delivery may find that all is done. Where nobody will say, it lapses. */
  private async closeLate(about: Work, late: Promise<LateOutcome>): Promise<void> {
    const outcome = await late;
    if (outcome === "unknown") return;
    if (outcome === "none") return this.release(about.claim, false);
    await this.close(about, outcome.pipeline, STARTED);
    this.tools.metrics.event("triggered");
  }

  /** If that fails, the claim lapses. */
  private async release(claim: Claim, doubtful: boolean): Promise<void> {
    await this.claims.release(claim, doubtful).catch(() => undefined);
  }

  /** The pipeline runs, so the event is dealt with, whether or not that can be written down. */
  private async close({ claim, event, key, version }: Work, pipeline: string, what: string): Promise<void> {
    const { clock, log, metrics } = this.tools;
    log.info(what, { key, ...(version !== "" && { version }), pipeline });
    for (let attempt = 1; attempt <= CLOSE_TRIES; attempt += 1) {
      try {
        await this.claims.finish(claim, pipeline);
        if (claim.key !== event) await this.claims.note(event, pipeline);
        return;
      } catch (error) {
        if (attempt < CLOSE_TRIES) await clock.sleep(LOOK_MS * attempt);
        else
          log.error("a claim cannot be closed; the event may start a second pipeline", {
            why: String(error),
          });
      }
    }
    metrics.notClosed();
  }
}
