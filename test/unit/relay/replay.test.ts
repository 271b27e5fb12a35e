import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { deadLetters } from "../../../relay/replay/dead-letters";
import { OwnRelay } from "../../../relay/replay/own-relay";
import { RemoteRelay } from "../../../relay/replay/remote-relay";
import { type ReplayTarget, replay } from "../../../relay/replay/replay";
import { cloudEvent, keyEvent } from "./support/events";
import { Rig, SECRET } from "./support/rig";
import { says } from "./support/world";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "sopsloop-dead-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** What Event Grid adds to an event that it gives up. */
const GIVEN_UP = {
  ...{ deadLetterReason: "MaxDeliveryAttemptsExceeded", deliveryAttempts: 30, lastDeliveryOutcome: "Busy" },
  ...{
    publishTime: "2026-11-25T12:00:00Z",
    lastDeliveryAttemptTime: "2026-11-26T11:00:00Z",
    lastHttpStatusCode: 503,
  },
};
const GIVEN_UP_CLOUD = {
  deadletterreason: "TimeToLiveExceeded",
  deliveryattempts: 12,
  lastdeliveryoutcome: "Busy",
};

/** As a blob of the container: by subscription, year, month, day and hour. */
function blob(name: string, content: unknown): string {
  const path = join(folder, "SOPS-KEY-ROTATED", "2026", "11", "25", "12");
  mkdirSync(path, { recursive: true });
  const file = join(path, name);
  writeFileSync(file, typeof content === "string" ? content : JSON.stringify(content));
  return file;
}

function remote(rig: Rig): RemoteRelay {
  const fetch: typeof globalThis.fetch = (url, init) => rig.send(new Request(url, init));
  return new RemoteRelay("https://relay.example.com/events", { kind: "secret", value: SECRET }, fetch);
}

const targets: readonly [string, (rig: Rig) => ReplayTarget][] = [
  ["by the process itself", (rig) => new OwnRelay(rig.relay)],
  ["to a relay", remote],
];

describe.each(targets)("11. Dead letters, replayed %s", (_, targetOf) => {
  const play = async (rig: Rig) => {
    const rows = await replay(deadLetters([folder]), targetOf(rig), () => undefined);
    return rows.map(({ outcome, why }) => [outcome, why]);
  };

  test("both schemas; a second replay is a no-op", async () => {
    blob("1.json", [{ ...keyEvent(), ...GIVEN_UP }]);
    blob("2.json", [{ ...cloudEvent(), ...GIVEN_UP_CLOUD }]);
    blob("3.json", { ...cloudEvent(), ...GIVEN_UP_CLOUD });
    const rig = new Rig();
    const why = ["MaxDeliveryAttemptsExceeded", "TimeToLiveExceeded", "TimeToLiveExceeded"];
    expect(await play(rig)).toEqual(why.map((reason) => ["triggered", reason]));
    expect(await play(rig)).toEqual(why.map((reason) => ["duplicate", reason]));
    expect(rig.world.pipelines).toBe(3);
  });

  test("an event that was delivered after all starts nothing", async () => {
    const event = keyEvent();
    const rig = new Rig();
    await rig.post([event]);
    blob("1.json", [{ ...event, ...GIVEN_UP }]);
    expect(await play(rig)).toEqual([["duplicate", "MaxDeliveryAttemptsExceeded"]]);
    expect(rig.world.pipelines).toBe(1);
  });

  test("one that fails keeps none of the others back, and is told", async () => {
    blob("1.json", [keyEvent(), { id: "1" }, keyEvent()]);
    blob("2.json", "{ half");
    blob("3.json", [42]);
    const rig = new Rig();
    rig.world.script.push(says(400, { message: "Too many pipelines created" }));
    const rows = await play(rig);
    expect(rows.map(([outcome]) => outcome)).toEqual(["failed", "failed", "triggered", "failed", "failed"]);
    expect(rows[0]?.[1]).toContain("GitLab started no pipeline");
    expect(rows[3]?.[1]).toBe("is not JSON");
    expect(rows[4]?.[1]).toBe("holds something that is no event");
    expect((await play(rig)).map(([outcome]) => outcome)).toEqual([
      "triggered",
      "failed",
      "duplicate",
      "failed",
      "failed",
    ]);
  });
});

test("a relay that is none, or is not there", async () => {
  const ask = async (fetch: typeof globalThis.fetch) => {
    const target = new RemoteRelay("https://relay.example.com/events", { kind: "token", value: "t" }, fetch);
    const [row] = await replay([{ where: "x", event: keyEvent(), reason: "" }], target, () => undefined);
    return row?.why;
  };
  expect(await ask(async () => new Response("<html>"))).toBe(
    "this is not a relay: it answers something else",
  );
  expect(await ask(async () => Response.json({ error: "no" }, { status: 403 }))).toBe(
    "the relay answers 403: no",
  );
  const refused = Object.assign(new TypeError("fetch failed"), { cause: { code: "ECONNREFUSED" } });
  expect(await ask(() => Promise.reject(refused))).toBe("the relay cannot be reached (ECONNREFUSED)");
});
