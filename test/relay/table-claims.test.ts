import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { TableClaims } from "../../relay/claims/table-claims";
import { REAL_CLOCK } from "../../relay/clock";
import { claimContract, someKey, someRecord } from "../unit/relay/support/claim-contract";
import { keyEvent } from "../unit/relay/support/events";
import { Rig } from "../unit/relay/support/rig";
import { Azurite } from "./support/azurite";

let azurite: Azurite;

beforeAll(async () => {
  azurite = await Azurite.start();
  for (const table of ["claims", "duplicates"]) await azurite.client(table).createTable();
});
afterAll(() => azurite.stop());

describe("claims in a table of Azure Storage", () => {
  claimContract(() => new TableClaims(azurite.client("claims")));

  test("a person can read them: times are dates", async () => {
    const key = someKey();
    await new TableClaims(azurite.client("claims")).create(
      key,
      someRecord({ state: "done", pipeline: "4711" }),
    );
    const row = await azurite.client("claims").getEntity(key.slice(0, 2), key);
    expect(row).toMatchObject({ state: "done", pipeline: "4711", at: new Date("2026-11-25T12:00:00Z") });
  });

  test("a row that was purged meanwhile is no conflict that breaks anything", async () => {
    const store = new TableClaims(azurite.client("claims"));
    const key = someKey();
    const tag = (await store.create(key, someRecord({ at: 0 }))) ?? "";
    await store.purge(1);
    expect(await store.replace(key, someRecord(), tag)).toBeUndefined();
  });

  test("a table that is not there is told: not as if nothing had ever been claimed", async () => {
    const store = new TableClaims(azurite.client("missing"));
    await expect(store.read(someKey())).rejects.toThrow();
    await expect(store.create(someKey(), someRecord())).rejects.toThrow();
    await expect(store.check()).rejects.toThrow();
  });
});

test("100 duplicates, 50 at a time, on two relays: exactly one pipeline", async () => {
  const rigs = [1, 2].map(
    () => new Rig({ store: new TableClaims(azurite.client("duplicates")), clock: REAL_CLOCK }),
  );
  const event = keyEvent();
  const statuses: number[] = [];
  for (const _ of [1, 2]) {
    const batch = Array.from({ length: 50 }, (__, index) => rigs[index % 2]?.post([event]));
    for (const response of await Promise.all(batch)) statuses.push(response?.status ?? 0);
  }
  expect(statuses).toEqual(Array.from({ length: 100 }, () => 200));
  expect(rigs.reduce((sum, { world }) => sum + world.calls.length, 0)).toBe(1);
});

test("the store is away for a while: 503 and no pipeline", async () => {
  const own = await Azurite.start();
  const client = own.client("claims");
  await client.createTable();
  const rig = new Rig({ store: new TableClaims(client), clock: REAL_CLOCK });
  await own.stop();
  expect((await rig.post([keyEvent()])).status).toBe(503);
  expect(rig.world.calls).toEqual([]);
});
