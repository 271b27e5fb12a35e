import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { LiveAzure } from "./support/live-azure";
import { IN_AZURE } from "./support/planted/in-azure";
import { isFound, titled } from "./support/planted/planted";
import { TOKENS } from "./support/tokens";

let loop: LiveAzure;

beforeAll(async () => {
  loop = await LiveAzure.start("audit-azure");
});
afterAll(() => loop?.stop());

const CLEAN = { findings: [], skipped: [] };

test("a clean stack with Azure: nothing is found, and nothing is left out", async () => {
  const reading = await loop.read();
  expect(reading).toMatchObject(CLEAN);
  const uses = reading.grants
    .filter(({ key }) => key === loop.keyUrl)
    .map(({ identity, may }) => `${identity}: ${may.join(", ")}`);
  expect(uses).toEqual(
    expect.arrayContaining([
      "sops-dev-flux-flux-system_kustomize-controller: decrypt",
      "sops-dev-gitlab-chart: encrypt, read",
      "sops-dev-gitlab-rewrap: decrypt, encrypt, read",
      "sops-dev-gitlab-status: read",
    ]),
  );
});

describe("each by itself is found by its name", () => {
  test.each(titled(IN_AZURE))("%s", (_title, planted) => isFound(loop, planted));
});

test("a wrong client secret: Azure is told once as skipped, with Entra ID's reason, and all else is looked at", async () => {
  const { findings, skipped, grants } = await loop.read({ AZURE_CLIENT_SECRET: "wrong" });
  expect(findings).toEqual([]);
  expect(skipped).toEqual([{ id: "azure", why: expect.stringMatching(/AADSTS7000215/) }]);
  expect(grants.length).toBeGreaterThan(0);
});

test("once all is healed, nothing is found again, and no reading holds a token", async () => {
  expect(await loop.read()).toMatchObject(CLEAN);
  expect(loop.written.length).toBeGreaterThan(15);
  for (const text of loop.written) {
    expect(text).not.toMatch(TOKENS);
    expect(text).not.toContain("hush");
  }
});
