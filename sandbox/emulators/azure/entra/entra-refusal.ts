import { randomUUID } from "node:crypto";
import type { JsonObject } from "../json";

/** An answer of the token endpoint that is no token. */
export class EntraRefusal extends Error {
  override readonly name = "EntraRefusal";

  /**
   * @param error OAuth's word for it. @param code the number after `AADSTS`.
   * @param text the sentence after the number, without ids and time
   */
  constructor(
    readonly status: 400 | 401,
    readonly error: string,
    readonly code: number,
    readonly text: string,
  ) {
    super(`AADSTS${code}: ${text}`);
  }

  /** @param now in ms. */
  body(now: number): JsonObject {
    const timestamp = `${new Date(now).toISOString().slice(0, 19).replace("T", " ")}Z`;
    const trace = randomUUID();
    const correlation = randomUUID();
    const ids = `Trace ID: ${trace} Correlation ID: ${correlation} Timestamp: ${timestamp}`;
    return {
      error: this.error,
      error_description: `${this.message} ${ids}`,
      error_codes: [this.code],
      timestamp,
      trace_id: trace,
      correlation_id: correlation,
      error_uri: `https://login.microsoftonline.com/error?code=${this.code}`,
    };
  }
}
