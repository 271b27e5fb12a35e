import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { keyClient, vaultForAll } from "./support/judges";
import { type TestAzure, testAzure } from "./support/test-azure";

const VAULT = "clock-kv";
const DAY_MS = 24 * 3_600_000;

let azure: TestAzure;

beforeAll(async () => {
  azure = await testAzure();
  await vaultForAll(azure, VAULT);
});
afterAll(() => azure.close());

async function versionsOf(name: string): Promise<number> {
  let count = 0;
  for await (const _ of keyClient(azure, VAULT).listPropertiesOfKeyVersions(name)) count += 1;
  return count;
}

describe("a rotation policy, when the clock is moved", () => {
  it("makes a version each time that one is old enough, at its very time", async () => {
    await keyClient(azure, VAULT).createRsaKey("monthly");
    await keyClient(azure, VAULT).updateKeyRotationPolicy("monthly", {
      lifetimeActions: [{ action: "Rotate", timeAfterCreate: "P30D" }],
      expiresIn: "P60D",
    });
    await azure.core.clock.advance(29 * DAY_MS);
    expect(await versionsOf("monthly")).toBe(1);
    await azure.core.clock.advance(62 * DAY_MS);
    expect(await versionsOf("monthly")).toBe(4);
    const times: number[] = [];
    for await (const { createdOn } of keyClient(azure, VAULT).listPropertiesOfKeyVersions("monthly"))
      times.push(createdOn?.getTime() ?? 0);
    const gaps = times.slice(1).map((time, index) => time - (times[index] ?? 0));
    for (const gap of gaps) expect(Math.round(gap / DAY_MS)).toBe(30);
  });

  it("acts before the expiry, when it says so", async () => {
    const client = keyClient(azure, VAULT);
    const expiresOn = new Date(azure.core.clock.now() + 100 * DAY_MS);
    await client.createRsaKey("late", { expiresOn });
    await client.updateKeyRotationPolicy("late", {
      lifetimeActions: [{ action: "Rotate", timeBeforeExpiry: "P20D" }],
      expiresIn: "P100D",
    });
    await azure.core.clock.advance(79 * DAY_MS);
    expect(await versionsOf("late")).toBe(1);
    await azure.core.clock.advance(2 * DAY_MS);
    expect(await versionsOf("late")).toBe(2);
  });

  it("leaves a key alone whose newest version is disabled, or that is in the bin", async () => {
    const client = keyClient(azure, VAULT);
    for (const name of ["disabled", "deleted"]) {
      await client.createRsaKey(name);
      await client.updateKeyRotationPolicy(name, {
        lifetimeActions: [{ action: "Rotate", timeAfterCreate: "P10D" }],
      });
    }
    await client.updateKeyProperties("disabled", { enabled: false });
    await client.beginDeleteKey("deleted");
    await azure.core.clock.advance(20 * DAY_MS);
    expect(await versionsOf("disabled")).toBe(1);
    expect(azure.core.keys.all.find(({ name }) => name === "deleted")?.versions).toHaveLength(1);
  });

  it("keeps tokens of clients that run on, when that is asked for", async () => {
    const client = keyClient(azure, VAULT);
    await client.getKey("late");
    await azure.admin("PATCH", "/switches", { tokensOnMachineClock: true });
    await azure.core.clock.advance(DAY_MS);
    await client.getKey("late");
    await azure.admin("PATCH", "/switches", { tokensOnMachineClock: false });
    await expect(client.getKey("late")).rejects.toMatchObject({ statusCode: 401 });
  });
});
