import { REAL_CLOCK } from "../clock";
import { Deadline } from "../deadline";
import { batchOf } from "../events/batch";
import type { Relay } from "../relay";
import { rotationEvents } from "../rotations";
import type { DeadLetter } from "./dead-letters";
import type { ReplayOutcome, ReplayTarget } from "./replay";

/** Deals with replayed events itself, with the claims and the trigger token of the relay's own settings. */
export class OwnRelay implements ReplayTarget {
  constructor(private readonly relay: Relay) {}

  async deliver(event: DeadLetter["event"]): Promise<ReplayOutcome> {
    const [read] = rotationEvents(batchOf(JSON.stringify(event)));
    if (!read) throw new Error("an event that was read is missing");
    return this.relay.rotations.handle(read, new Deadline(REAL_CLOCK));
  }
}
