import type { Finding } from "./finding";

/** How often something happened, and when. */
interface Seen {
  readonly count: number;
  /** ISO 8601, UTC. */
  readonly first: string;
  readonly last: string;
}

/** What was read of Vault's audit log: who used a key, how often, and who was refused. Never a plaintext, a token, or a hash of one. */
export interface LogReading {
  readonly lines: number;
  /** Lines that are no entries of an audit log. */
  readonly unreadable: number;
  /** Of the oldest and the newest entry, ISO 8601; undefined without any. */
  readonly from: string | undefined;
  readonly to: string | undefined;
  readonly uses: readonly (Seen & {
    readonly key: string;
    readonly operation: string;
    readonly identity: string;
    /** How it logged in; undefined where it is no login of the loop. */
    readonly by: string | undefined;
    readonly result: "done" | "refused" | "failed";
    /** Data keys: one request may hold many. */
    readonly items: number;
  })[];
  readonly refusedLogins: readonly (Seen & {
    readonly path: string;
    readonly addresses: readonly string[];
  })[];
  readonly changes: readonly (Seen & {
    readonly path: string;
    readonly operation: string;
    readonly identity: string;
  })[];
  readonly findings: readonly Finding[];
}
