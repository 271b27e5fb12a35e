import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { FileClaims } from "../../../../relay/claims/file-claims";
import { REAL_CLOCK } from "../../../../relay/clock";
import { cloudEvent, keyEvent, newVersion } from "../support/events";
import { ManualClock } from "../support/manual-clock";
import { Rig } from "../support/rig";

const DAY_MS = 24 * 3_600_000;
const folders: string[] = [];

afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "sopsloop-claims-"));
  folders.push(folder);
  return folder;
}

describe("5. Duplicates", () => {
  test("the same event twice: one pipeline", async () => {
    const rig = new Rig();
    const event = keyEvent();
    expect(await (await rig.post([event])).json()).toMatchObject({ triggered: 1 });
    expect(await (await rig.post([event])).json()).toMatchObject({ triggered: 0, duplicate: 1 });
    expect(rig.world.pipelines).toBe(1);
  });

  test("another event of the same version, in the other schema: one pipeline", async () => {
    const rig = new Rig();
    const version = newVersion();
    await rig.post([keyEvent(version)]);
    const other = await rig.post(cloudEvent(version), { "content-type": "application/cloudevents+json" });
    expect(await other.json()).toMatchObject({ duplicate: 1 });
    expect(rig.world.pipelines).toBe(1);
  });

  test("two versions: two pipelines", async () => {
    const rig = new Rig();
    await rig.post([keyEvent(), keyEvent()]);
    expect(rig.world.pipelines).toBe(2);
  });

  test("100 duplicates, 50 at a time, over two processes' worth of relays on one folder: exactly one pipeline", async () => {
    const root = temporaryFolder();
    const rigs = [1, 2].map(() => new Rig({ store: new FileClaims(root), clock: REAL_CLOCK }));
    const event = keyEvent();
    const statuses: number[] = [];
    const one = async (index: number) => {
      const rig = rigs[index % 2] ?? new Rig();
      statuses.push((await rig.post([event])).status);
    };
    for (const half of [0, 50])
      await Promise.all(Array.from({ length: 50 }, (_, index) => one(half + index)));
    expect(statuses).toHaveLength(100);
    expect(new Set(statuses)).toEqual(new Set([200]));
    expect(rigs.reduce((sum, { world }) => sum + world.calls.length, 0)).toBe(1);
  });

  test("it is remembered after a restart, for 48 h at least, and forgotten in the end", async () => {
    const root = temporaryFolder();
    const clock = new ManualClock();
    const event = keyEvent();
    const restarted = () => new Rig({ store: new FileClaims(root), clock });
    await restarted().post([event]);
    for (const days of [1, 1, 4]) {
      clock.move(days * DAY_MS);
      const rig = restarted();
      await rig.relay.purge();
      expect(await (await rig.post([event])).json()).toMatchObject({ duplicate: 1 });
    }
    clock.move(2 * DAY_MS);
    const rig = restarted();
    await rig.relay.purge();
    expect(rig.lines.join()).toContain('"purged":2');
    expect(await (await rig.post([event])).json()).toMatchObject({ triggered: 1 });
  });
});
