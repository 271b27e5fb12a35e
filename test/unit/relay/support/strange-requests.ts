import fc from "fast-check";
import { cloudEvent, keyData, keyEvent, SUBSCRIPTION, validationEvent } from "./events";
import { SECRET } from "./rig";

/** A request as fast-check makes and shrinks it. */
export interface StrangeRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array<ArrayBuffer> | undefined;
}

const method = fc.oneof(
  { arbitrary: fc.constant("POST"), weight: 8 },
  { arbitrary: fc.constantFrom("GET", "PUT", "PATCH", "DELETE", "OPTIONS", "HEAD"), weight: 1 },
);
const path = fc.oneof(
  { arbitrary: fc.constant("/events"), weight: 12 },
  { arbitrary: fc.webPath(), weight: 1 },
  { arbitrary: fc.constantFrom("/healthz", "/readyz", "/metrics", `/events?code=${SECRET}`), weight: 2 },
);
/** What a header may hold at all. */
const headerText = fc.string({
  unit: fc.integer({ min: 0x20, max: 0x7e }).map((code) => String.fromCharCode(code)),
});
/** What is right, most of the time. */
function mostly(...right: readonly string[]): fc.Arbitrary<string> {
  return fc.oneof({ arbitrary: fc.constantFrom(...right), weight: 5 }, { arbitrary: headerText, weight: 1 });
}

const USUAL: string[] = ["x-relay-secret", "content-type"];
const headers = fc
  .tuple(
    fc.record({
      "x-relay-secret": mostly(SECRET),
      "content-type": mostly("application/json", "application/cloudevents+json; charset=utf-8"),
    }),
    fc.record(
      {
        "aeg-event-type": mostly("Notification", "SubscriptionValidation"),
        "aeg-subscription-name": mostly(SUBSCRIPTION.toUpperCase()),
        "webhook-request-origin": mostly("eventgrid.azure.net"),
        authorization: headerText.map((text) => `Bearer ${text}`),
        "content-length": fc.nat().map(String),
      },
      { requiredKeys: [] },
    ),
    fc.oneof({ arbitrary: fc.constant(USUAL), weight: 5 }, { arbitrary: fc.subarray(USUAL), weight: 1 }),
  )
  .map(([usual, further, kept]) => ({
    ...Object.fromEntries(Object.entries(usual).filter(([name]) => kept.includes(name))),
    ...further,
  }));

/** Some of the named things are something else, or none. */
function changes(...names: readonly string[]): fc.Arbitrary<Record<string, unknown>> {
  const some = fc.dictionary(fc.constantFrom(...names), fc.jsonValue(), { minKeys: 1, maxKeys: 2 });
  return fc.oneof({ arbitrary: fc.constant({}), weight: 3 }, { arbitrary: some, weight: 1 });
}

/** A good event in which some things are something else. */
const event = fc
  .tuple(
    fc.constantFrom(
      () => keyEvent(),
      () => cloudEvent(),
      () => validationEvent(),
    ),
    changes("id", "topic", "source", "type", "eventType", "data", "specversion", "x"),
    changes("Id", "VaultName", "ObjectName", "ObjectName ", "Version", "ObjectType", "EXP"),
  )
  .map(([make, outer, inner]) => {
    const good = make();
    return {
      ...good,
      data: { ...(Object.keys(inner).length > 0 ? keyData() : good.data), ...inner },
      ...outer,
    };
  });
const json = fc.oneof(
  { arbitrary: event, weight: 3 },
  { arbitrary: fc.array(event, { maxLength: 4 }), weight: 6 },
  { arbitrary: fc.jsonValue({ maxDepth: 6 }), weight: 2 },
);
const body: fc.Arbitrary<string | Uint8Array<ArrayBuffer>> = fc.oneof(
  { arbitrary: json.map((value) => JSON.stringify(value)), weight: 10 },
  { arbitrary: json.chain((value) => cut(JSON.stringify(value))), weight: 1 },
  { arbitrary: fc.string({ unit: "binary" }), weight: 1 },
  { arbitrary: fc.uint8Array({ maxLength: 300 }).map((bytes) => Uint8Array.from(bytes)), weight: 1 },
);

function cut(text: string): fc.Arbitrary<string> {
  return fc.nat({ max: text.length }).map((length) => text.slice(0, length));
}

export const strangeRequest: fc.Arbitrary<StrangeRequest> = fc
  .record({ method, path, headers, body })
  .map(({ method: verb, body: content, ...rest }) => ({
    ...rest,
    method: verb,
    body: ["GET", "HEAD"].includes(verb) ? undefined : content,
  }));

export function requestOf({
  method: verb,
  path: where,
  headers: all,
  body: content,
}: StrangeRequest): Request {
  return new Request(`https://relay.example.com${where}`, {
    method: verb,
    headers: all,
    ...(content !== undefined && { body: content }),
  });
}
