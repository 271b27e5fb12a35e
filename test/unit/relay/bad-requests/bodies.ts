import { cloudEvent, KEY, keyData, keyEvent, NEW_VERSION, VAULT, validationEvent } from "../support/events";
import { delivery } from "../support/rig";
import type { BadRequest } from "./bad-request";

const MIB = 1024 * 1024;
const VALIDATION = { "aeg-event-type": "SubscriptionValidation" };

function bad(name: string, status: number, body: unknown, headers: Record<string, string> = {}): BadRequest {
  return { name, status, request: () => delivery(body, headers) };
}

/** An event whose data is partly another. */
function told(name: string, data: object, event: object = {}): BadRequest {
  return bad(name, 400, [keyEvent("v1", { data: { ...keyData("v1"), ...data }, ...event })]);
}

/** A body whose length nobody tells beforehand. */
function streamed(chunks: number, size: number): Request {
  const chunk = new Uint8Array(size).fill(0x20);
  let left = chunks;
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      if (left-- > 0) controller.enqueue(chunk);
      else controller.close();
    },
  });
  const { url, headers } = delivery("[]");
  return new Request(url, { method: "POST", headers, body, duplex: "half" } as RequestInit);
}

function raw(bytes: Uint8Array<ArrayBuffer>): Request {
  const { url, headers } = delivery("[]");
  return new Request(url, { method: "POST", headers, body: bytes });
}

/** Bodies that are no delivery, or one that contradicts itself. Sent with the right secret. */
export const BODIES: readonly BadRequest[] = [
  bad("no body", 400, ""),
  bad("blanks", 400, "   "),
  bad("half a JSON", 400, '[{"id": "1"'),
  bad("two JSONs", 400, "[] []"),
  bad("JSON with a comment", 400, "[] // none"),
  bad("a form", 400, "id=1&topic=2"),
  bad("XML", 400, "<event/>"),
  bad("null", 400, "null"),
  bad("a number", 400, "42"),
  bad("text", 400, '"event"'),
  bad("true", 400, "true"),
  bad("an empty object", 400, {}),
  bad("a list of null", 400, [null]),
  bad("a list of lists", 400, [[keyEvent()]]),
  bad("a list of numbers", 400, [1, 2, 3]),
  { name: "no UTF-8", status: 400, request: () => raw(Uint8Array.from([0x5b, 0xff, 0xfe, 0x5d])) },
  { name: "UTF-16", status: 400, request: () => raw(Uint8Array.from(Buffer.from("[]", "utf16le"))) },
  bad("100,000 lists deep", 400, "[".repeat(100_000) + "]".repeat(100_000)),
  bad("100,000 objects deep", 400, `${'{"a":'.repeat(100_000)}1${"}".repeat(100_000)}`),
  bad("deep lists that are not closed", 400, "[".repeat(500_000)),
  bad("more than 1 MiB", 413, " ".repeat(MIB + 1)),
  bad("16 MiB", 413, " ".repeat(16 * MIB)),
  {
    name: "more than 1 MiB in chunks, its length untold",
    status: 413,
    request: () => streamed(17, MIB / 16),
  },
  { name: "a body without an end", status: 413, request: () => streamed(Number.POSITIVE_INFINITY, MIB / 4) },
  bad("a length that is a lie", 413, "[]", { "content-length": String(MIB + 1) }),
  bad("an event without an id", 400, [keyEvent("v1", { id: undefined })]),
  bad("an event with an empty id", 400, [keyEvent("v1", { id: " " })]),
  bad("an event with a number for its id", 400, [keyEvent("v1", { id: 7 })]),
  bad("an event with an id of 2,000 characters", 400, [keyEvent("v1", { id: "x".repeat(2_000) })]),
  bad("an event without a topic", 400, [keyEvent("v1", { topic: undefined })]),
  bad("an event without a type", 400, [keyEvent("v1", { eventType: undefined })]),
  bad("an event with an object for its type", 400, [keyEvent("v1", { eventType: { name: NEW_VERSION } })]),
  bad("a CloudEvent of another version", 400, cloudEvent("v1", { specversion: "0.3" })),
  bad("a CloudEvent with a number for its version", 400, cloudEvent("v1", { specversion: 1 })),
  bad("a CloudEvent without a source", 400, cloudEvent("v1", { source: undefined })),
  bad("a CloudEvent with the other schema's names", 400, { ...keyEvent("v1"), specversion: "1.0" }),
  bad("no data", 400, [keyEvent("v1", { topic: "/somewhere", data: undefined })]),
  bad("data that is text", 400, [keyEvent("v1", { data: JSON.stringify(keyData()) })]),
  bad("data that is a list", 400, [keyEvent("v1", { data: [keyData()] })]),
  told("names that are numbers", { Id: 1, VaultName: 2, ObjectName: 3 }),
  told("a key that is an object", { Id: undefined, ObjectName: { $ne: null } }),
  told("a key with a path in its name", { Id: undefined, ObjectName: "../sops" }),
  told("a key with a line end in its name", { Id: undefined, ObjectName: "sops\nevil" }),
  told("a version with a shell command", { Id: undefined, Version: "$(id)" }),
  told("a version of 1,000 characters", { Id: undefined, Version: "a".repeat(1_000) }),
  told("one key in Id, another beside it", { ObjectName: "other" }),
  told("one vault in Id, another beside it", { VaultName: "kv-other" }),
  told("one version in Id, another beside it", { Version: "v2" }),
  told(
    "another vault's topic",
    {},
    { topic: "/subscriptions/s/resourceGroups/r/providers/Microsoft.KeyVault/vaults/kv-other" },
  ),
  told("an unpaired surrogate in a name", { Id: undefined, ObjectName: "sops\ud800" }),
  bad("a good event and a bad one", 400, [keyEvent(), { id: "1" }]),
  bad("a handshake without a code", 400, [validationEvent(null)], VALIDATION),
  bad("a handshake with a number for its code", 400, [validationEvent(42)], VALIDATION),
  bad("a handshake with an empty code", 400, [validationEvent("")], VALIDATION),
  bad("a handshake with a code of 600 characters", 400, [validationEvent("c".repeat(600))], VALIDATION),
  bad("a handshake among events", 400, [validationEvent(), keyEvent()], VALIDATION),
  bad("a handshake that calls itself a notification", 400, [validationEvent()]),
  bad("a notification that calls itself a handshake", 400, [keyEvent()], VALIDATION),
  bad("prototypes", 400, `[{"__proto__":{"id":"1","topic":"t","eventType":"${NEW_VERSION}"}}]`),
  bad("prototypes in data", 400, [
    keyEvent("v1", {
      topic: "/x",
      data: JSON.parse(`{"__proto__":{"VaultName":"${VAULT}","ObjectName":"${KEY}"}}`),
    }),
  ]),
];
