import { metrics } from "@opentelemetry/api";
import type { ClaimStore } from "../../../../relay/claims/claim-store";
import type { Clock } from "../../../../relay/clock";
import { EVENTS } from "../../../../relay/handler";
import { Relay, type RelayTools } from "../../../../relay/relay";
import { readSettings } from "../../../../relay/settings/settings";
import { KEY, SUBSCRIPTION, VAULT } from "./events";
import { ManualClock } from "./manual-clock";
import { MemoryClaims } from "./memory-claims";
import { AUDIENCE, TENANT, type Tenant } from "./tenant";
import { READ_TOKEN, World } from "./world";

export const SECRET = "0123456789abcdef0123456789abcdef-first";
export const NEXT_SECRET = "fedcba9876543210fedcba9876543210-next";
export const TOKEN = `glptt-${"a1".repeat(20)}`;
export const NEXT_TOKEN = `glptt-${"b2".repeat(20)}`;

const COMMON = {
  GITLAB_URL: "https://gitlab.example.com",
  GITLAB_PROJECT: "101",
  GITLAB_TRIGGER_TOKEN: TOKEN,
  RELAY_CLAIMS: "/nowhere/claims",
  RELAY_KEYS: `${VAULT}/${KEY}`,
  RELAY_SUBSCRIPTIONS: SUBSCRIPTION,
};
export const SECRET_ENV = { ...COMMON, RELAY_AUTH: "secret", RELAY_SECRET: SECRET };
/** The same, and it may look for pipelines. */
export const READING_ENV = { ...SECRET_ENV, GITLAB_READ_TOKEN: READ_TOKEN };
export const ENTRA_ENV = {
  ...COMMON,
  ...{ RELAY_AUTH: "entra", RELAY_ENTRA_TENANT: TENANT, RELAY_ENTRA_AUDIENCES: AUDIENCE },
};

export interface RigOptions {
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly tenant?: Tenant;
  readonly store?: ClaimStore;
  readonly clock?: Clock;
  /** Another relay's. @default one of its own */
  readonly world?: World;
  readonly tools?: Partial<RelayTools>;
}

/** A relay in this process, in a world made of paper. */
export class Rig {
  readonly world: World;
  readonly lines: string[] = [];
  readonly relay: Relay;
  readonly clock: Clock;
  readonly store: ClaimStore;

  constructor({
    env = SECRET_ENV,
    tenant,
    store = new MemoryClaims(),
    clock = new ManualClock(),
    world = new World(tenant),
    tools,
  }: RigOptions = {}) {
    this.world = world;
    this.clock = clock;
    this.store = store;
    this.relay = new Relay(readSettings(env, { clock }), {
      meter: metrics.getMeter("test"),
      writeLog: (line) => this.lines.push(line),
      ...{ clock, store, fetch: this.world.fetch },
      ...tools,
    });
  }

  send(request: Request): Promise<Response> {
    return this.relay.handler(request);
  }

  /** A delivery as Event Grid makes it, with the shared secret. */
  post(body: unknown, headers: Readonly<Record<string, string>> = {}): Promise<Response> {
    return this.send(delivery(body, headers));
  }
}

export function delivery(body: unknown, headers: Readonly<Record<string, string>> = {}): Request {
  return new Request(`https://relay.example.com${EVENTS}`, {
    method: "POST",
    headers: {
      ...{ "content-type": "application/json; charset=utf-8", "x-relay-secret": SECRET },
      ...{ "aeg-event-type": "Notification", "aeg-subscription-name": SUBSCRIPTION.toUpperCase() },
      ...headers,
    },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });
}
