import { createHash, randomUUID } from "node:crypto";
import { expect, test } from "vitest";
import type { ClaimRecord, ClaimStore } from "../../../../relay/claims/claim-store";
import { Claims, LEASE_MS } from "../../../../relay/claims/claims";
import { ManualClock } from "./manual-clock";

/** A key that no other test has. */
export function someKey(): string {
  return createHash("sha256").update(randomUUID()).digest("hex");
}

export function someRecord(different: Partial<ClaimRecord> = {}): ClaimRecord {
  const at = Date.parse("2026-11-25T12:00:00Z");
  return { state: "claimed", nonce: randomUUID(), at, leaseUntil: at + LEASE_MS, pipeline: "", ...different };
}

/** What every store must do; each call of `open` is another process's view of the same one. */
export function claimContract(open: () => ClaimStore): void {
  test("what was written is read, by another one too", async () => {
    const key = someKey();
    const record = someRecord();
    expect(await open().read(key)).toBeUndefined();
    const tag = await open().create(key, record);
    expect(await open().read(key)).toEqual({ record, tag });
    const done = someRecord({ state: "done", leaseUntil: 0, pipeline: "4711" });
    const next = await open().replace(key, done, tag ?? "");
    expect(await open().read(key)).toEqual({ record: done, tag: next });
  });

  test("of 40 that create or replace at once, one wins", async () => {
    const key = someKey();
    const all = Array.from({ length: 40 }, () => someRecord());
    const created = await Promise.all(all.map((record) => open().create(key, record)));
    const [tag, ...others] = created.filter((one) => one !== undefined);
    expect(others).toEqual([]);
    const replaced = await Promise.all(all.map((record) => open().replace(key, record, tag ?? "")));
    expect(replaced.filter((one) => one !== undefined)).toHaveLength(1);
    const at = replaced.findIndex((one) => one !== undefined);
    expect((await open().read(key))?.record).toEqual(all[at]);
  });

  test("an old tag changes nothing", async () => {
    const key = someKey();
    const store = open();
    const tag = (await store.create(key, someRecord())) ?? "";
    await store.replace(key, someRecord({ state: "free" }), tag);
    expect(await store.replace(key, someRecord({ state: "done" }), tag)).toBeUndefined();
    expect((await store.read(key))?.record.state).toBe("free");
  });

  test("a claim keeps others out until it lapses or is given back; done is done", async () => {
    const clock = new ManualClock();
    const claims = new Claims(open(), clock);
    const others = new Claims(open(), clock);
    const key = someKey();
    const first = await claims.take(key);
    if (first.state !== "taken") throw new Error("a new key is free");
    expect(await others.take(key)).toEqual({ state: "busy" });
    await claims.release(first.claim, false);
    const second = await others.take(key);
    if (second.state !== "taken") throw new Error("a claim that was given back is free");
    expect([first.doubtful, second.doubtful]).toEqual([false, false]);
    clock.move(LEASE_MS);
    const third = await claims.take(key);
    if (third.state !== "taken") throw new Error("a claim that has lapsed is free");
    expect(third.doubtful).toBe(true);
    expect(await others.finish(second.claim, "1")).toBe(false);
    expect(await claims.finish(third.claim, "2")).toBe(true);
    expect(await others.take(key)).toEqual({ state: "done", pipeline: "2" });
    expect(await others.isDone(key)).toBe(true);
  });

  test("a claim that was given back in doubt is free, and in doubt", async () => {
    const claims = new Claims(open(), new ManualClock());
    const key = someKey();
    const first = await claims.take(key);
    if (first.state !== "taken") throw new Error("a new key is free");
    await claims.release(first.claim, true);
    expect(await claims.take(key)).toMatchObject({ state: "taken", doubtful: true });
  });

  test("forgets what is old, and nothing else", async () => {
    const store = open();
    const [old, fresh] = [someKey(), someKey()];
    const at = Date.parse("2020-01-01T00:00:00Z");
    await store.create(old, someRecord({ at }));
    await store.create(fresh, someRecord());
    expect(await store.purge(at)).toBe(0);
    expect(await store.purge(at + 1)).toBe(1);
    expect(await store.read(old)).toBeUndefined();
    expect((await store.read(fresh))?.record.state).toBe("claimed");
  });

  test("says whether it can be written", async () => {
    await expect(open().check()).resolves.toBeUndefined();
  });
}
