import { Refusal } from "../refusal";

/** Whether there is a pipeline: `unknown` where nobody will ever say. */
export type LateOutcome = { readonly pipeline: string } | "none" | "unknown";

/** GitLab has not answered in the time that a delivery has. Its call goes on: a pipeline may come of it yet. */
export class Unanswered extends Refusal {
  /** @param late what came of it. Never rejects. */
  constructor(
    { status, reason, message, retryAfter }: Refusal,
    readonly late: Promise<LateOutcome>,
  ) {
    super(status, reason, message, retryAfter);
    this.name = "Unanswered";
  }
}
