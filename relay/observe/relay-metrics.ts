import type { Attributes, Counter, Histogram, Meter } from "@opentelemetry/api";

/** What became of one event. */
export type EventOutcome = "triggered" | "duplicate" | "ignored" | "failed";

/** Figures about the relay, by OpenTelemetry. Labels have few values each: never an id, a key or an address. */
export class RelayMetrics {
  private readonly refusals: Counter<Attributes>;
  private readonly seconds: Histogram<Attributes>;
  private readonly events: Counter<Attributes>;
  private readonly calls: Counter<Attributes>;
  private readonly unclosed: Counter<Attributes>;

  constructor(meter: Meter) {
    this.refusals = meter.createCounter("sopsloop_relay_refusals", {
      description: "Requests that were refused, by status and reason.",
    });
    this.seconds = meter.createHistogram("sopsloop_relay_delivery_duration_seconds", {
      description: "Time from a delivery's arrival to its answer.",
      unit: "s",
      advice: { explicitBucketBoundaries: [0.005, 0.025, 0.1, 0.5, 1, 2.5, 5, 10, 20, 25] },
    });
    this.events = meter.createCounter("sopsloop_relay_events", {
      description: "Events by outcome: triggered, duplicate, ignored, failed.",
    });
    this.calls = meter.createCounter("sopsloop_relay_gitlab_calls", {
      description:
        "Calls of GitLab by result: of its trigger API, and of its list of pipelines where that takes no token.",
    });
    this.unclosed = meter.createCounter("sopsloop_relay_claims_not_closed", {
      description:
        "Pipelines that were started, but whose claim could not be closed: a repeated delivery starts another one.",
    });
  }

  /** A POST to the webhook. */
  delivery(status: number, ms: number): void {
    this.seconds.record(ms / 1000, { status });
  }

  refused(status: number, reason: string): void {
    this.refusals.add(1, { status, reason });
  }

  event(outcome: EventOutcome): void {
    this.events.add(1, { outcome });
  }

  gitlab(result: string): void {
    this.calls.add(1, { result });
  }

  notClosed(): void {
    this.unclosed.add(1);
  }
}
