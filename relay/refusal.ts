/** What the relay says no with. Event Grid drops an event on 400, 401, 403 and 413, and sends it again after 408, 415 and 503. */
export type RefusalStatus = 400 | 401 | 403 | 404 | 405 | 408 | 413 | 415 | 503;

/** A request that is not carried out. The message goes to the caller and into the log: it never quotes what was sent. */
export class Refusal extends Error {
  constructor(
    public readonly status: RefusalStatus,
    /** A word for metrics and logs, such as `token_expired`. */
    public readonly reason: string,
    message: string,
    /** Seconds, for 503. */
    public readonly retryAfter?: number,
  ) {
    super(message);
    this.name = "Refusal";
  }
}

const RETRY_AFTER_S = 30;

/** Something that may be over soon: the sender keeps the event and comes again. */
export function unavailable(reason: string, message: string, retryAfter: number = RETRY_AFTER_S): Refusal {
  return new Refusal(503, reason, message, retryAfter);
}
