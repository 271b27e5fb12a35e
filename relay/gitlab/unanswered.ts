import { Refusal } from "../refusal";

/** GitLab has not answered in the time that a delivery has. Its call goes on: a pipeline may come of it yet. */
export class Unanswered extends Refusal {
  /** @param late the pipeline's id, or undefined once it is known that there is none, or that nobody will say. Never rejects. */
  constructor(
    { status, reason, message, retryAfter }: Refusal,
    readonly late: Promise<string | undefined>,
  ) {
    super(status, reason, message, retryAfter);
    this.name = "Unanswered";
  }
}
