import type { Clock } from "./clock";

/** How long one request may take. Event Grid gives up after 30 s and then delivers the event again. */
export const BUDGET_MS = 25_000;

/** The moment by which a request has to be answered. Every wait on the way is cut to it. */
export class Deadline {
  private readonly end: number;

  constructor(
    private readonly clock: Clock,
    budgetMs: number = BUDGET_MS,
  ) {
    this.end = clock.now() + budgetMs;
  }

  /** Milliseconds that are left; never below 0. */
  get left(): number {
    return Math.max(0, this.end - this.clock.now());
  }

  /** What `work` comes to, or `late` thrown after `ms`, or at the deadline if that is sooner. The work itself is not ended. */
  async within<T>(work: Promise<T>, late: () => Error, ms: number = Number.POSITIVE_INFINITY): Promise<T> {
    let forget = () => {};
    const timeout = new Promise<never>((_, reject) => {
      forget = this.clock.after(Math.min(ms, this.left), () => reject(late()));
    });
    try {
      return await Promise.race([work, timeout]);
    } finally {
      forget();
    }
  }
}
