import { describe, expect, test } from "vitest";
import { backendStage, why, wrap } from "../support/backend-stage";
import { VAULT } from "../support/small-azure";

const stage = backendStage();

describe("rewrapping", () => {
  test.each([
    ["ForbiddenByFirewall", "Client address is not authorized and caller is not a trusted service."],
    ["ForbiddenByConnection", "Public network access is disabled and request is not from a trusted service."],
  ])("is shut out by %s, which is told apart from what the identity may do", async (code, message) => {
    const key = stage.azure.key("sops");
    const line = `${VAULT} lets no requests in from here (${code}); run this where its network rules or its private endpoint let it`;
    const refuse = { status: 403, body: { error: { code: "Forbidden", message, innererror: { code } } } };
    stage.azure.instead = ({ host }) => (host.includes("vault") ? refuse : undefined);
    expect(await why(stage.backend().currentVersions([wrap(key, 1)]))).toBe(line);
    stage.azure.instead = ({ authorization }) => (authorization ? refuse : undefined);
    expect([...(await stage.backend().currentVersions([wrap(key, 1)])).values()]).toEqual([line]);
  });

  test("a vault that is busy is left in peace by every request, as long as it asks for", async () => {
    const key = stage.azure.key("sops");
    const olds = Array.from({ length: 30 }, (_, fill) => wrap(key, fill));
    key.rotate();
    const own = stage.backend();
    await own.currentVersions(olds);
    let busy = 3;
    stage.azure.instead = ({ path }) =>
      path.includes("decrypt") && busy-- > 0
        ? {
            status: 429,
            headers: { "retry-after": "7" },
            body: { error: { code: "Throttled", message: "no" } },
          }
        : undefined;
    expect((await own.rewrap(olds)).every(({ ok }) => ok)).toBe(true);
    expect(new Set(stage.pauses)).toEqual(new Set([7000]));
    expect(stage.pauses.length).toBeGreaterThan(3);
  });

  test("one that stays busy is told", async () => {
    const key = stage.azure.key("sops");
    stage.azure.instead = ({ authorization }) =>
      authorization
        ? { status: 503, body: { error: { code: "ServiceUnavailable", message: "later" } } }
        : undefined;
    expect(await why(stage.backend().currentVersions([wrap(key, 1)]))).toBe(
      `${VAULT} still answers 503 (ServiceUnavailable: later), tried 7 times; run this again later`,
    );
  });
});
