import type { JsonObject } from "../json";

/** An event, in neither of the two schemas. */
export interface SystemEvent {
  readonly id: string;
  /** ARM id of the resource that it is about. */
  readonly source: string;
  readonly type: string;
  readonly subject: string;
  readonly time: string;
  readonly data: JsonObject;
}

/** An event on its way to one subscription. Times in ms of the emulator's clock. */
export interface PendingEvent {
  readonly id: string;
  /** ARM id of the event subscription in lower case. */
  readonly subscription: string;
  readonly event: SystemEvent;
  readonly publishedAt: number;
  attempts: number;
  due: number;
  lastAttemptAt?: number;
  lastOutcome?: string;
  lastStatus?: number;
  /** Set once it is to become a dead letter. */
  deadLetterReason?: string;
  deadLetterSince?: number;
}

/** What became of one attempt to deliver, or of the whole event. */
export interface DeliveryRecord {
  readonly at: string;
  readonly subscription: string;
  readonly eventIds: readonly string[];
  readonly attempt: number;
  /** `Delivered`, `Dropped`, `DeadLettered`, or why it will be tried again. */
  readonly outcome: string;
  readonly status?: number;
  /** Name of the blob that a dead letter went to. */
  readonly blob?: string;
}
