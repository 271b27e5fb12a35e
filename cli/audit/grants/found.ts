import type { Identity, Path } from "../report-schema";

/** One way by which an identity comes to rights to a key. */
export interface Found {
  readonly identity: Identity;
  /** `id` of the key. */
  readonly key: string;
  /** Absent for who holds the key itself. */
  readonly path?: Path;
  /** Why there may be more rights. */
  readonly unknown: readonly string[];
}
