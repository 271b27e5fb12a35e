import type { Finding } from "../finding";
import { LIVE_KINDS, type LiveKind } from "../kinds/kinds";

/**
 * A finding in a live system.
 *
 * @param where the thing itself, as `auth/kubernetes/role/sopsloop-dev`
 * @param what never a token or a value of a variable
 * @param mend the exact command, where it is known; else what mends such a thing in general
 */
export function found(id: LiveKind, where: string, what: string, mend?: string): Finding {
  const { severity, mend: general } = LIVE_KINDS[id];
  return { id, severity, origin: "live", where, what, mend: mend ?? general };
}
