import { metrics } from "@opentelemetry/api";
import { Relay } from "../../../../relay/relay";
import { readSettings } from "../../../../relay/settings/settings";
import { keyEvent } from "./events";
import { ManualClock } from "./manual-clock";
import { MemoryClaims } from "./memory-claims";
import { delivery } from "./rig";
import { World } from "./world";

/** A relay whose secrets lie in files that change under it. */
export class RelayDrill {
  readonly clock = new ManualClock();
  private readonly world = new World(undefined);
  private readonly relay: Relay;

  constructor(env: Readonly<Record<string, string>>, files: Readonly<Record<string, string>>) {
    const readFile = (path: string) => files[path] ?? "";
    this.relay = new Relay(readSettings(env, { readFile, clock: this.clock }), {
      meter: metrics.getMeter("test"),
      writeLog: () => undefined,
      ...{ fetch: this.world.fetch, clock: this.clock, store: new MemoryClaims() },
    });
  }

  /** Pipelines so far. */
  get started(): number {
    return this.world.pipelines;
  }

  /** A delivery of a new event. @returns the status. */
  async deliver(secret: string): Promise<number> {
    const response = await this.relay.handler(delivery([keyEvent()], { "x-relay-secret": secret }));
    return response.status;
  }
}
