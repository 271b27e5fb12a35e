import type { Meter } from "@opentelemetry/api";
import type { Authenticator } from "./auth/authenticator";
import { EntraTokens } from "./auth/entra-tokens";
import { SharedSecret } from "./auth/shared-secret";
import type { ClaimStore } from "./claims/claim-store";
import { Claims } from "./claims/claims";
import { openClaimStore } from "./claims/open-claim-store";
import { type Clock, REAL_CLOCK } from "./clock";
import { PipelineSearch } from "./gitlab/pipeline-search";
import { PipelineTrigger } from "./gitlab/pipeline-trigger";
import { type Handler, relayHandler } from "./handler";
import { RelayLog } from "./observe/relay-log";
import { RelayMetrics } from "./observe/relay-metrics";
import { ReadinessProbe } from "./readiness";
import { Rotations } from "./rotations";
import type { Settings } from "./settings/settings";

/** What a platform gives a relay, and what tests put in the place of the world. */
export interface RelayTools {
  readonly meter: Meter;
  /** Takes a line of the log, without its end. */
  readonly writeLog: (line: string) => void;
  readonly figures?: () => Promise<string>;
  /** @default the global one */
  readonly fetch?: typeof globalThis.fetch;
  readonly clock?: Clock;
  /** @default as the settings say */
  readonly store?: ClaimStore;
  readonly leaseMs?: number;
  readonly budgetMs?: number;
}

/** A relay, put together from its settings: on every platform the same. */
export class Relay {
  readonly handler: Handler;
  readonly rotations: Rotations;
  readonly log: RelayLog;
  private readonly store: ClaimStore;
  private readonly clock: Clock;

  constructor(
    private readonly settings: Settings,
    tools: RelayTools,
  ) {
    const { fetch = globalThis.fetch, clock = REAL_CLOCK, store = openClaimStore(settings.claims) } = tools;
    const { gitlab, keys, subscriptions, origins } = settings;
    this.log = new RelayLog(tools.writeLog, () => secretsOf(settings));
    const shared = { fetch, clock, log: this.log, metrics: new RelayMetrics(tools.meter) };
    const authenticator = authenticatorOf(settings, shared);
    const search = new PipelineSearch(gitlab, shared);
    const trigger = new PipelineTrigger(gitlab, search, shared);
    this.store = store;
    this.clock = clock;
    this.rotations = new Rotations(keys, new Claims(store, clock, tools.leaseMs), trigger, shared);
    this.handler = relayHandler({
      ...shared,
      authenticator,
      consent: { subscriptions, origins },
      rotations: this.rotations,
      probe: new ReadinessProbe(gitlab, { search, store, authenticator }, shared),
      ...(tools.figures && { figures: tools.figures }),
      ...(tools.budgetMs !== undefined && { budgetMs: tools.budgetMs }),
    });
  }

  /** Forgets claims that are older than the settings keep them. */
  async purge(): Promise<void> {
    try {
      const purged = await this.store.purge(this.clock.now() - this.settings.claims.keptMs);
      this.log.info("forgot old claims", { purged });
    } catch (error) {
      this.log.warn("old claims cannot be forgotten", { why: String(error) });
    }
  }
}

function authenticatorOf(
  { auth }: Settings,
  tools: { fetch: typeof globalThis.fetch; clock: Clock },
): Authenticator {
  return auth.mode === "entra" ? new EntraTokens(auth, tools) : new SharedSecret(auth.secrets);
}

function secretsOf({ gitlab, auth }: Settings): readonly string[] {
  return [
    ...gitlab.tokens.values,
    ...(gitlab.readTokens?.values ?? []),
    ...(auth.mode === "secret" ? auth.secrets.values : []),
  ];
}
