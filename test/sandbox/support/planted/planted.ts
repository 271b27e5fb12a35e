import type { LiveKind } from "../../../../cli/audit/kinds/kinds";
import type { LiveLoop } from "../live-loop";

/** A misconfiguration: how it comes about, how it is found, how it goes. */
export interface Planted {
  /** The finding that names it, and no other is made but `also`. */
  readonly id: LiveKind;
  readonly how: string;
  readonly where: string | RegExp;
  /** What the finding has to say. */
  readonly what: RegExp;
  readonly also?: readonly LiveKind[];
  readonly plant: (loop: LiveLoop) => Promise<unknown>;
  readonly heal: (loop: LiveLoop) => Promise<unknown>;
}
