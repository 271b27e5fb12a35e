import { Refusal } from "../refusal";
import type { Envelope } from "./batch";

const VALIDATION = "Microsoft.EventGrid.SubscriptionValidationEvent";
const LONGEST_CODE = 512;

/** Who may be told that deliveries are welcome here. */
export interface Consent {
  /** Names of event subscriptions, in lower case: Event Grid sends them in upper case. */
  readonly subscriptions: ReadonlySet<string>;
  /** Origins of CloudEvents deliveries, in lower case. */
  readonly origins: ReadonlySet<string>;
}

/** @throws Refusal 403 for a subscription that is not on the list. None named is none refused: a replay has none. */
export function requireSubscription(headers: Headers, { subscriptions }: Consent): void {
  const name = headers.get("aeg-subscription-name");
  if (name !== null && !subscriptions.has(name.trim().toLowerCase()))
    throw new Refusal(403, "subscription_unknown", "this event subscription is not on the list");
}

/**
 * The code that proves to Event Grid that it is welcome, when the delivery asks for it.
 *
 * @throws Refusal 400 when header and event differ in what this is, 403 when the subscription does not say its name.
 */
export function validationCode(headers: Headers, events: readonly Envelope[]): string | undefined {
  const announced = headers.get("aeg-event-type")?.toLowerCase() === "subscriptionvalidation";
  const asking = events.find(({ type }) => type === VALIDATION);
  if (!announced && asking === undefined) return undefined;
  const code = asking?.data.validationCode;
  const sound = typeof code === "string" && code !== "" && code.length <= LONGEST_CODE;
  if (!announced || events.length !== 1 || !sound)
    throw new Refusal(400, "malformed_handshake", "this is not a handshake as Event Grid begins one");
  if (headers.get("aeg-subscription-name") === null)
    throw new Refusal(403, "subscription_unknown", "the handshake does not name its event subscription");
  return code;
}

/**
 * CloudEvents' consent, for exactly the origin that asks. `WebHook-Request-Callback` is not followed: it would make the relay call
 * whatever address a stranger names.
 *
 * @throws Refusal 403 without a known origin.
 */
export function allowedOrigin(headers: Headers, consent: Consent): string {
  const origin = headers.get("webhook-request-origin");
  if (origin === null || !consent.origins.has(origin.trim().toLowerCase()))
    throw new Refusal(403, "origin_unknown", "this origin is not on the list");
  requireSubscription(headers, consent);
  return origin.trim();
}
