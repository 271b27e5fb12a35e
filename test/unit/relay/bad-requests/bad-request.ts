import type { Tenant } from "../support/tenant";

/** What a bad request is made with. */
export interface Means {
  readonly tenant: Tenant;
  /** Of the same tenant's name, with other keys. */
  readonly forger: Tenant;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** A request that must not start a pipeline, and the status that it must get. */
export interface BadRequest {
  readonly name: string;
  readonly status: number;
  /** The same `reason` as in the log, where the status alone could come from something else. */
  readonly reason?: string;
  readonly request: (means: Means) => Request | Promise<Request>;
}
