import { describe, expect, test } from "vitest";
import { backendStage, NOW, recipientOf, why, wrap } from "../support/backend-stage";
import { VAULT } from "../support/small-azure";

const stage = backendStage();

describe("rewrapping", () => {
  test("opens by the recorded version, wraps by the current, and has the vault open the first of them", async () => {
    const key = stage.azure.key("sops");
    const olds = Array.from({ length: 40 }, (_, fill) => wrap(key, fill));
    const current = key.rotate();
    const own = stage.backend();
    await own.currentVersions(olds);
    stage.azure.heard.length = 0;
    const outcomes = await own.rewrap(olds);
    for (const [index, outcome] of outcomes.entries()) {
      if (!outcome.ok) throw new Error(outcome.why);
      const { wrapped, ...rest } = outcome.value;
      expect(rest).toEqual({ version: current, createdAt: "2026-06-01T12:00:00Z" });
      expect(wrapped).toMatch(/^[\w-]{342}$/);
      expect(key.open(wrapped)).toEqual(Buffer.alloc(32, index));
    }
    const pairs = olds.map((before, index) => {
      const outcome = outcomes[index];
      return { before, after: outcome?.ok ? outcome.value.wrapped : "" };
    });
    const same = await own.opensToSame(pairs);
    expect(same.filter((each) => each !== undefined)).toEqual([true]);
    // One for each file, and one more to be sure; no data key is ever on the way out.
    expect(stage.azure.asked.sort()).toEqual(
      [
        ...Array(40).fill(`POST /keys/sops/${olds[0]?.version}/decrypt`),
        `POST /keys/sops/${current}/decrypt`,
      ].sort(),
    );
    expect(stage.azure.heard.filter(({ path }) => path.includes("/oauth2/"))).toEqual([]);
  });

  test("what opens to something else is told", async () => {
    const key = stage.azure.key("sops");
    const [one, other] = [wrap(key, 1), wrap(key, 2)];
    key.rotate();
    const own = stage.backend();
    await own.currentVersions([one, other]);
    const outcomes = await own.rewrap([one, other]);
    const pairs = [one, other].map((before, index) => {
      const outcome = outcomes[index];
      return { before, after: outcome?.ok ? outcome.value.wrapped : "" };
    });
    stage.azure.instead = ({ path }) =>
      path.includes("/decrypt")
        ? { status: 200, body: { kid: "", value: Buffer.alloc(32, 9).toString("base64url") } }
        : undefined;
    expect((await own.opensToSame(pairs)).filter((each) => each !== undefined)).toEqual([false]);
    stage.azure.instead = () => undefined;
    stage.azure.may.decrypt = false;
    expect(await why(own.opensToSame(pairs))).toMatch(
      /^what was wrapped anew does not open: .* does not let this identity decrypt/,
    );
  });

  test("a Shamir part is as good as a data key", async () => {
    const key = stage.azure.key("sops");
    const part = Buffer.concat([Buffer.alloc(32, 7), Buffer.from([1])]);
    const old = recipientOf(key, key.current.id, key.wrap(part));
    key.rotate();
    const own = stage.backend();
    await own.currentVersions([old]);
    const [outcome] = await own.rewrap([old]);
    expect(outcome?.ok && key.open(outcome.value.wrapped)).toEqual(part);
  });

  test("one bad file spoils no other", async () => {
    const key = stage.azure.key("sops");
    const good = wrap(key, 1);
    const disabled = key.rotate();
    const closed = wrap(key, 2);
    const fresh = key.rotate();
    const elsewhere = recipientOf(key, disabled, key.wrap(Buffer.alloc(32, 3), fresh));
    Object.assign(key.of(disabled)?.attributes ?? {}, { enabled: false });
    const own = stage.backend();
    const all = [
      good,
      closed,
      recipientOf(key, "ffff", good.wrapped),
      { ...elsewhere, version: good.version ?? "" },
      recipientOf(key, good.version ?? "", good.wrapped.slice(0, -9)),
      recipientOf(key, "../..", good.wrapped),
    ];
    const [state] = (await own.currentVersions(all)).values();
    const outcomes = await own.rewrap(all);
    const enable = `az keyvault key set-attributes --id ${key.url}/${disabled} --enabled true`;
    const torn = `its data key for ${key.url} is not as sops writes it: cut short; restore the file from git`;
    expect(outcomes.map((outcome) => (outcome.ok ? "rewrapped" : outcome.why))).toEqual([
      "rewrapped",
      `its data key does not open: version ${disabled} of ${key.url} is disabled; ${enable}`,
      `its data key does not open: ${VAULT} has no version ffff of key sops; was it deleted, or is the file another vault's?`,
      `its data key does not open: it was not wrapped by version ${good.version} of ${key.url}, or was cut short; restore the file from git`,
      torn,
      torn,
    ]);
    if (typeof state !== "object") throw new Error(state);
    expect(own.whyClosed(closed)).toBe(`it is disabled: ${enable}`);
    expect(own.whyClosed(good)).toBeUndefined();
  });

  test("needs the right to decrypt, and says so", async () => {
    const key = stage.azure.key("sops");
    const old = wrap(key, 1);
    key.rotate();
    stage.azure.may.decrypt = false;
    const own = stage.backend();
    await own.currentVersions([old]);
    expect(await own.rewrap([old])).toEqual([
      {
        ok: false,
        why: `its data key does not open: ${VAULT} does not let this identity decrypt by sops: it needs Microsoft.KeyVault/vaults/keys/decrypt/action on the key, as Key Vault Crypto User has it (ForbiddenByRbac)`,
      },
    ]);
  });

  test("wraps by no version that has expired: sops could not either", async () => {
    const key = stage.azure.key("sops");
    const old = wrap(key, 1);
    const current = key.rotate({ exp: NOW / 1000 - 60 });
    const own = stage.backend();
    await own.currentVersions([old]);
    expect(await own.rewrap([old])).toEqual([
      { ok: false, why: `version ${current} of ${key.url} has expired (2026-06-01T11:59Z); rotate the key` },
    ]);
    expect(stage.azure.asked.filter((line) => line.includes("decrypt"))).toEqual([]);
  });
});
