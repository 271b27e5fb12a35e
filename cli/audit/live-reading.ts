import type { Finding } from "./finding";
import type { Grant, Identity } from "./report-schema";

/** What was read of the live systems or of a log, beside the stack. */
export interface LiveReading {
  readonly findings: readonly Finding[];
  /** Who may do what in truth, with identities and keys under the ids that the report has for them. */
  readonly grants?: readonly Grant[];
  /** Identities of those grants that the stack does not know. */
  readonly identities?: readonly Identity[];
  readonly skipped: readonly { readonly id: string; readonly why: string }[];
}
