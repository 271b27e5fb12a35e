import type { Severity } from "../finding";

/** What can be wrong, as the docs tell it; each finding says besides where and what exactly. */
export interface Kind {
  readonly severity: Severity;
  /** What it means that it is so. */
  readonly means: string;
  /** What mends it in general. */
  readonly mend: string;
}
