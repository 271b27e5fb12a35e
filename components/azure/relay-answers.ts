import * as pulumi from "@pulumi/pulumi";
import { type Answer, type GetOptions, get } from "../http/get";

/** What waiting needs of the world. */
export interface Waiting {
  readonly get: (url: string, options: GetOptions) => Promise<Answer>;
  readonly sleep: (ms: number) => Promise<void>;
  readonly now: () => number;
  /** Told now and then, for whoever watches. */
  readonly tell: (message: string) => void;
}

/** A new app's roles take minutes until they reach its storage and its secrets. */
const LONGEST_WAIT_MS = 10 * 60_000;
const PAUSE_MS = 5_000;
const TIMEOUT_MS = 20_000;

const REAL: Waiting = {
  get,
  sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
  now: Date.now,
  tell: (message) => void pulumi.log.info(message, undefined, undefined, true),
};

/** Waits until the relay answers at its address. Throws with one line when it takes too long. */
export async function relayAnswers(url: string, world: Waiting = REAL): Promise<void> {
  const begun = world.now();
  for (;;) {
    const why = await problemOf(url, world);
    if (why === undefined) return;
    const waited = world.now() - begun;
    if (waited + PAUSE_MS > LONGEST_WAIT_MS)
      throw new pulumi.RunError(
        `the relay has not answered at ${url} for ${LONGEST_WAIT_MS / 60_000} minutes: ${why}; without it Event Grid takes no subscription, so see the relay's log, then run pulumi up again`,
      );
    world.tell(`waiting for the relay at ${url} (${Math.round(waited / 1000)} s): ${why}`);
    await world.sleep(PAUSE_MS);
  }
}

async function problemOf(url: string, world: Waiting): Promise<string | undefined> {
  try {
    const { status } = await world.get(url, { timeoutMs: TIMEOUT_MS });
    return status === 200 ? undefined : `it says ${status}`;
  } catch (error) {
    return error instanceof Error ? error.message.replace(/\s+/g, " ").trim() : String(error);
  }
}
