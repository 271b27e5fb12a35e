import { type Context, Hono } from "hono";
import type { Authenticator } from "./auth/authenticator";
import { readBody } from "./body";
import type { Clock } from "./clock";
import { Deadline } from "./deadline";
import { batchOf } from "./events/batch";
import { allowedOrigin, type Consent, requireSubscription, validationCode } from "./events/handshake";
import type { RelayLog } from "./observe/relay-log";
import type { RelayMetrics } from "./observe/relay-metrics";
import type { ReadinessProbe } from "./readiness";
import { Refusal, unavailable } from "./refusal";
import { type Rotations, rotationEvents } from "./rotations";

/** Answers one request. Never rejects. */
export type Handler = (request: Request) => Promise<Response>;

export interface HandlerParts {
  readonly authenticator: Authenticator;
  readonly consent: Consent;
  readonly rotations: Rotations;
  readonly probe: ReadinessProbe;
  readonly clock: Clock;
  readonly log: RelayLog;
  readonly metrics: RelayMetrics;
  /** Text for `/metrics`; without it there is no such path. */
  readonly figures?: () => Promise<string>;
  /** @default 25 s */
  readonly budgetMs?: number;
}

/** The path that Event Grid delivers to. */
export const EVENTS = "/events";
/** Deliveries a minute that a CloudEvents sender is told it may make. */
const RATE = "120";
const PATHS = new Set([EVENTS, "/healthz", "/readyz", "/metrics"]);
const JSON_TYPES = new Set([
  "application/json",
  "application/cloudevents+json",
  "application/cloudevents-batch+json",
]);

/** The relay's whole outside: the webhook with both handshakes, health, readiness and figures. */
export function relayHandler(parts: HandlerParts): Handler {
  const app = new Hono();
  app.get("/healthz", (c) => c.text("ok\n"));
  app.get("/readyz", async (c) => {
    const readiness = await parts.probe.readiness();
    return c.json(readiness, Object.values(readiness).every((one) => one === "ok") ? 200 : 503);
  });
  const { figures } = parts;
  if (figures) app.get("/metrics", async (c) => c.text(await figures()));
  app.options(EVENTS, (c) => {
    c.header("WebHook-Allowed-Origin", allowedOrigin(c.req.raw.headers, parts.consent));
    c.header("WebHook-Allowed-Rate", RATE);
    c.header("Allow", "POST");
    return c.body(null, 200);
  });
  app.post(EVENTS, (c) => measured(c, parts));
  app.notFound((c) => {
    if (!PATHS.has(c.req.path)) return refused(c, new Refusal(404, "path", "there is nothing here"), parts);
    return refused(c, new Refusal(405, "method", "this path does not take this method"), parts);
  });
  app.onError((error, c) => refused(c, refusalOf(error, parts.log), parts));
  return async (request) => app.fetch(request);
}

async function measured(c: Context, parts: HandlerParts): Promise<Response> {
  const begun = parts.clock.now();
  const response = await inTime(c, parts).catch((error: unknown) =>
    refused(c, refusalOf(error, parts.log), parts),
  );
  parts.metrics.delivery(response.status, parts.clock.now() - begun);
  return response;
}

/** Whatever hangs, there is an answer in time: work that goes on behind it starts nothing any more. */
function inTime(c: Context, parts: HandlerParts): Promise<Response> {
  const deadline = new Deadline(parts.clock, parts.budgetMs);
  return deadline.within(deliver(c, parts, deadline), () => unavailable("deadline", "it takes too long"));
}

async function deliver(c: Context, parts: HandlerParts, deadline: Deadline): Promise<Response> {
  const { authenticator, consent, rotations, log } = parts;
  const { headers } = c.req.raw;
  await authenticator.check(c.req.raw);
  requireSubscription(headers, consent);
  requireJson(headers);
  const envelopes = batchOf(await readBody(c.req.raw, deadline));
  const code = validationCode(headers, envelopes);
  if (code !== undefined) {
    log.info("confirmed an event subscription", { subscription: headers.get("aeg-subscription-name") ?? "" });
    return c.json({ validationResponse: code });
  }
  const counts = { triggered: 0, duplicate: 0, ignored: 0 };
  // One after the other: GitLab counts pipelines of the same commit by the minute.
  for (const event of rotationEvents(envelopes)) counts[await rotations.handle(event, deadline)] += 1;
  return c.json(counts);
}

function requireJson(headers: Headers): void {
  const type = headers.get("content-type")?.split(";")[0]?.trim().toLowerCase() ?? "";
  if (!JSON_TYPES.has(type)) throw new Refusal(415, "content_type", "events come as JSON");
}

function refusalOf(error: unknown, log: RelayLog): Refusal {
  if (error instanceof Refusal) return error;
  log.error("a defect of the relay itself", { why: error instanceof Error ? error.stack : String(error) });
  // An event must not be lost by it.
  return unavailable("defect", "something is wrong with the relay");
}

function refused(
  c: Context,
  { status, reason, message, retryAfter }: Refusal,
  { log, metrics }: HandlerParts,
): Response {
  const delivery = c.req.header("aeg-delivery-count");
  log[status === 503 ? "warn" : "info"]("refused a request", { status, reason, delivery });
  metrics.refused(status, reason);
  if (retryAfter !== undefined) c.header("Retry-After", String(retryAfter));
  if (status === 405) c.header("Allow", c.req.path === EVENTS ? "POST, OPTIONS" : "GET");
  if (status === 401) c.header("WWW-Authenticate", "Bearer");
  return c.json({ error: message }, status);
}
