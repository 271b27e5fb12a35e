import { writeFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { until } from "../../../sandbox/processes/until";
import { MoodyProxy } from "../../cli/rewrap/support/moody-proxy";
import type { RelayProcess } from "../support/relay-process";
import { RotationLoop } from "./support/rotation-loop";

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const DAY = 24 * 60 * MINUTE;

let loop: RotationLoop;

beforeAll(async () => {
  loop = await RotationLoop.create();
});
afterAll(() => loop?.close());
// Nothing lost, nothing twice, nothing given up, nothing told.
afterEach(async () => {
  loop.key.deliver();
  await loop.expectOnePipelineEach();
  expect(await loop.key.deadLetters()).toEqual([]);
});

describe("a key that is rotated starts one pipeline", () => {
  test("by a person", async () => {
    await loop.rotate();
    await loop.key.advance(0);
    expect(loop.key.outcomes()).toEqual(["Delivered"]);
  });

  test("by its own policy, when its time has come", async () => {
    const before = await loop.key.versions();
    await loop.key.rotateAfter("P30D");
    await loop.key.advance(29 * DAY);
    expect(await loop.key.versions()).toEqual(before);
    await loop.key.advance(2 * DAY);
    await loop.key.rotateAfter();
    const [version = "", ...others] = (await loop.key.versions()).slice(before.length);
    expect(others).toEqual([]);
    loop.expectVersion(version);
    expect(loop.key.outcomes()).toEqual(["Delivered"]);
  });
});

describe("3. GitLab is down", () => {
  test("for half an hour: Event Grid comes again, and finds it", async () => {
    await loop.gitlab.stop();
    try {
      await loop.rotate();
      await loop.key.advance(30 * MINUTE);
      // At once, after 30 s, 30 s, 1 min, 5 min and 10 min.
      expect(loop.key.outcomes()).toEqual(Array.from({ length: 6 }, () => "Busy"));
      expect(loop.key.pending).toBe(1);
    } finally {
      await loop.gitlab.start();
    }
    await loop.key.advance(30 * MINUTE);
    expect(loop.key.outcomes()).toEqual(["Delivered"]);
  });
});

describe("GitLab", () => {
  let proxy: MoodyProxy;
  let relay: RelayProcess;

  beforeAll(async () => {
    proxy = await MoodyProxy.before(loop.gitlab);
    relay = await loop.replaceRelay({ gitlab: proxy });
  });
  afterAll(async () => {
    await loop.replaceRelay();
    proxy.stop();
  });

  test("4. limits by 429 for a second: the relay itself tries again", async () => {
    proxy.moods = [{ status: 429, headers: { "retry-after": "1" } }];
    await loop.rotate();
    await loop.key.advance(0);
    expect(loop.key.outcomes()).toEqual(["Delivered"]);
    expect(proxy.moods).toEqual([]);
  });

  test("3. limits by 429 for longer than the relay can wait: Event Grid comes again", async () => {
    proxy.moods = Array.from({ length: 3 }, () => ({ status: 429, headers: { "retry-after": "60" } }));
    await loop.rotate();
    await loop.key.advance(10 * MINUTE);
    expect(loop.key.outcomes()).toEqual(["Busy", "Busy", "Busy", "Delivered"]);
  });

  test("is slower than a delivery can wait, and has started a pipeline: the next delivery starts no other", async () => {
    let answer = () => {};
    const later = new Promise<void>((resolve) => {
      answer = resolve;
    });
    proxy.moods = [{ after: () => later }];
    const version = await loop.rotate();
    await loop.key.advance(0);
    expect(loop.key.outcomes()).toEqual(["Busy"]);
    answer();
    const noted = async () => relay.out.includes(`"version":"${version}","pipeline"`) || undefined;
    await until(noted, { what: "the late answer to be noted", timeoutMs: 30_000 });
    await loop.key.advance(MINUTE);
    expect(loop.key.outcomes()).toEqual(["Delivered"]);
  });

  test("3. limits by 400 of its own, too many pipelines of one commit in a minute: until the branch has moved on", async () => {
    await loop.gitlab.stop();
    await loop.gitlab.start({ pipelinesPerMinute: 1 });
    for (const outcome of ["Delivered", "Busy"]) {
      await loop.rotate();
      await loop.key.advance(0);
      expect(loop.key.outcomes()).toEqual([outcome]);
    }
    expect(relay.out).toContain(
      '"reason":"rate_limited","says":"Too many pipelines created in the last minute.',
    );
    await loop.project.move();
    await loop.key.advance(MINUTE);
    expect(loop.key.outcomes().at(-1)).toBe("Delivered");
    await loop.gitlab.stop();
    await loop.gitlab.start();
  });
});

describe("Event Grid", () => {
  test("5. delivers an event a hundred times, fifty at a time", async () => {
    loop.key.deliver({ copies: 100, parallel: 50 });
    await loop.rotate();
    await loop.key.advance(0);
    expect(loop.key.outcomes()).toEqual(Array.from({ length: 100 }, () => "Delivered"));
  });

  test("7. delivers five versions late, in any order, two at a time", async () => {
    loop.key.deliver({ hold: true });
    for (let count = 0; count < 5; count++) await loop.rotate();
    await loop.key.advance(MINUTE);
    expect(loop.key.outcomes()).toEqual([]);
    loop.key.deliver({ shuffle: true, parallel: 2 });
    await loop.key.advance(0);
    expect(loop.key.outcomes()).toEqual(Array.from({ length: 5 }, () => "Delivered"));
  });
});

describe("10. the trigger token is rotated", () => {
  let proxy: MoodyProxy;

  beforeAll(async () => {
    proxy = await MoodyProxy.before(loop.gitlab);
  });
  afterAll(() => proxy.stop());

  test("while two hold, and the old one is revoked under a call of GitLab that is in hand", async () => {
    const [old, next] = [loop.token, await loop.newToken()];
    writeFileSync(loop.place("next"), next.token, { mode: 0o600 });
    await loop.replaceRelay({ gitlab: proxy, env: { GITLAB_TRIGGER_TOKEN_NEXT_FILE: loop.place("next") } });
    await loop.rotate();
    await loop.key.advance(0);
    expect(loop.key.outcomes()).toEqual(["Delivered"]);

    let goOn = () => {};
    const revoked = new Promise<void>((resolve) => {
      goOn = resolve;
    });
    proxy.moods = [{ after: () => revoked }];
    await loop.rotate();
    const delivered = loop.key.advance(0);
    await until(async () => proxy.moods.length === 0 || undefined, { what: "the call", timeoutMs: 30_000 });
    await loop.project.revoke(old);
    goOn();
    await delivered;
    expect(loop.key.outcomes()).toEqual(["Delivered"]);
    loop.use(next);
  });

  test("too late: the relay that runs takes the new one from its file, and Event Grid comes again", async () => {
    await loop.replaceRelay();
    await loop.project.revoke(loop.token);
    await loop.rotate();
    await loop.key.advance(0);
    expect(loop.key.outcomes()).toEqual(["Busy"]);
    loop.use(await loop.newToken());
    // As long as the relay takes a file's text for fresh.
    await sleep(5 * SECOND);
    await loop.key.advance(MINUTE);
    expect(loop.key.outcomes()).toEqual(["Delivered"]);
  });
});
