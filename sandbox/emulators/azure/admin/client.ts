import { readFileSync } from "node:fs";
import type { DeliveryRecord } from "../eventgrid/model";
import type { Json, JsonObject } from "../json";
import type { Switches } from "../model";

/** The emulator's own interface, for those who run in another process. */
export class AdminClient {
  /** @param address of the emulator. @param tokenFile as it was left by the emulator */
  constructor(
    private readonly address: string,
    private readonly tokenFile: string,
  ) {}

  /** Moves the clock, and waits for everything that was due in between. @returns the new time */
  async advance(seconds: number): Promise<Date> {
    const { now } = await this.send<{ now: string }>("POST", "/clock/advance", { seconds });
    return new Date(now);
  }

  /** Waits until all that is due has been done. */
  async drain(): Promise<void> {
    await this.send("POST", "/drain");
  }

  /** What became of every delivery, the oldest first. */
  deliveries(): Promise<DeliveryRecord[]> {
    return this.send("GET", "/deliveries");
  }

  setSwitches(switches: Partial<Switches>): Promise<Switches> {
    return this.send("PATCH", "/switches", { ...switches });
  }

  /** Where a web app's host name leads. @param ca file with the authority of an `https` address */
  async runSite(site: string, address: string, ca?: string): Promise<void> {
    await this.send("PUT", `/sites/${site}`, { address, ...(ca !== undefined && { ca }) });
  }

  /** What App Service would give the site's process. It holds secrets. */
  siteEnvironment(site: string): Promise<Record<string, string>> {
    return this.send("GET", `/sites/${site}/environment`);
  }

  /** Throws with what the emulator said, when that was no success. */
  async send<T = Json>(method: string, path: string, body?: JsonObject): Promise<T> {
    const answer = await fetch(`${this.address}/admin${path}`, {
      method,
      headers: {
        authorization: `Bearer ${readFileSync(this.tokenFile, "utf8")}`,
        "content-type": "application/json",
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
    return (text === "" ? undefined : JSON.parse(text)) as T;
  }
}
