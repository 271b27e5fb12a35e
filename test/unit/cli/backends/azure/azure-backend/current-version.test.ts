import { describe, expect, test } from "vitest";
import type { Recipient } from "../../../../../../cli/sops-file/recipient";
import { backendStage, NOW, wrap } from "../support/backend-stage";
import { VAULT } from "../support/small-azure";

const stage = backendStage();

describe("the current version", () => {
  test("takes one request a key where every file has it, and one token for all of them", async () => {
    const keys = ["one", "two", "three"].map((name) => stage.azure.key(name));
    const recipients = keys.flatMap((key) => [wrap(key, 1), wrap(key, 2)]);
    const states = await stage.backend().currentVersions(recipients);
    expect([...states]).toEqual(keys.map(({ url, current }) => [url, { current: current.id }]));
    expect(stage.azure.asked.sort()).toEqual(["GET /keys/one", "GET /keys/three", "GET /keys/two"]);
    expect(stage.azure.heard.filter(({ path }) => path.includes("/oauth2/v2.0/token"))).toHaveLength(1);
    expect(
      stage.azure.heard.filter(({ host, authorization }) => host.includes("vault") && !authorization),
    ).toHaveLength(1);
  });

  test("is a request more where a file has an older one: how far behind it is, and what still opens", async () => {
    const key = stage.azure.key("sops");
    const first = wrap(key, 1);
    const second = key.rotate();
    const third = key.rotate();
    const own = stage.backend();
    const [state] = (await own.currentVersions([first])).values();
    expect(state).toEqual({ current: third, older: [first.version, second] });
    if (typeof state !== "object") throw new Error(state);
    expect(
      [first.version, second, third].map((version) =>
        own.versionsBehind({ ...first, version: version ?? "" }, state),
      ),
    ).toEqual([2, 1, 0]);
    expect(own.versionsBehind({ ...first, version: "ffff" }, state)).toBe(-1);
    expect(stage.azure.asked).toEqual([
      "GET /keys/sops",
      "GET /keys/sops/versions",
      "GET /keys/sops/versions/2",
    ]);
  });

  test("without a right to list, a file is one behind or none", async () => {
    const key = stage.azure.key("sops");
    const old = wrap(key, 1);
    key.rotate();
    const current = key.rotate();
    stage.azure.may.list = false;
    const own = stage.backend();
    const [state] = (await own.currentVersions([old])).values();
    expect(state).toEqual({ current });
    expect(own.versionsBehind(old, { current })).toBe(1);
    expect(own.versionsBehind(wrap(key, 1), { current })).toBe(0);
  });

  test("every version is asked for where they are to be retired", async () => {
    const key = stage.azure.key("sops");
    const [old, disabled] = [key.current, key.rotate({ enabled: false })];
    const current = key.rotate();
    const [state] = (
      await stage.backend({}, { everyVersion: true }).currentVersions([wrap(key, 1)])
    ).values();
    expect(state).toEqual({ current, older: [old.id] });
    expect(disabled).not.toBe(old.id);
  });

  test.each<[string, Partial<{ enabled: boolean; exp: number; nbf: number }>, string]>([
    ["expired", { exp: NOW / 1000 - 60 }, "has expired (2026-06-01T11:59Z)"],
    ["disabled", { enabled: false }, "is disabled"],
    ["not yet valid", { nbf: NOW / 1000 + 3600 }, "does not hold before 2026-06-01T13:00Z"],
  ])("that is %s is told as such", async (_, attributes, unfit) => {
    const key = stage.azure.key("sops");
    const current = key.rotate(attributes);
    const fresh = wrap(key, 1);
    const own = stage.backend();
    const [state] = (await own.currentVersions([fresh])).values();
    expect(state).toEqual({ current, unfit });
    expect(own.whyClosed(fresh)).toBe(
      attributes.enabled === false
        ? `it is disabled: az keyvault key set-attributes --id ${key.url}/${current} --enabled true`
        : undefined,
    );
  });

  test("keys that cannot be read are told, each by itself", async () => {
    const [good, curve] = [stage.azure.key("good"), stage.azure.key("curve")];
    curve.kty = "EC";
    const gone = new Map([["gone", wrap(good, 1)]]).get("gone");
    const missing = {
      ...gone,
      key: `${VAULT}/keys/gone`,
      fields: { vault_url: VAULT, name: "gone" },
    } as Recipient;
    const states = await stage.backend().currentVersions([wrap(good, 1), wrap(curve, 1), missing]);
    expect([...states.values()]).toEqual([
      { current: good.current.id },
      `${curve.url} is a key of type EC, and sops wraps by RSA keys only`,
      `${VAULT} has no key gone; was it deleted, or is the file another vault's?`,
    ]);
    stage.azure.may.read = false;
    expect([...(await stage.backend().currentVersions([wrap(good, 1)])).values()]).toEqual([
      `${VAULT} does not let this identity read by good: it needs Microsoft.KeyVault/vaults/keys/read on the key, as Key Vault Crypto User has it (ForbiddenByRbac)`,
    ]);
  });
});
