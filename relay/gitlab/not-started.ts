import { Refusal } from "../refusal";

/** Nothing is known of a pipeline: the event has to come again. */
export class NotStarted extends Refusal {
  /** @param doubtful whether there may be one all the same */
  constructor(
    { status, reason, message, retryAfter }: Refusal,
    readonly doubtful: boolean,
  ) {
    super(status, reason, message, retryAfter);
    this.name = "NotStarted";
  }
}
