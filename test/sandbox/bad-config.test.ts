import { afterAll, beforeAll, expect, test } from "vitest";
import { devConfig } from "./support/dev-config";
import { Loop } from "./support/loop";
import type { Stack } from "./support/stack";

let loop: Loop;
let stack: Stack;

beforeAll(async () => {
  loop = await Loop.start();
  stack = await loop.stack("bad", devConfig(loop.layout));
});
afterAll(() => loop?.stop());

/** What the real engine shows of a preview that fails, without colours and progress lines. */
async function failure(): Promise<string> {
  const { code, stdout, stderr } = await stack.pulumi("preview");
  expect(code).not.toBe(0);
  return stdout + stderr;
}

test("the engine prints every problem of a config at once, one line each, without a stack trace", async () => {
  const good = devConfig(loop.layout);
  stack.configure({
    "sopsloop:vault": { ...(good["sopsloop:vault"] as object), adress: "x", guide: "yes" },
    "sopsloop:flux": { ...(good["sopsloop:flux"] as object), version: "2.8", installation: "aks-extension" },
  });
  const shown = await failure();
  for (const line of [
    "sopsloop:vault.adress: is not a known key; did you mean address?",
    'sopsloop:vault.guide: is "yes"; set it to true or false (make the guide\'s policy and role)',
    "sopsloop:flux.version: is 2.8, which can only use a static Vault token; upgrade to Flux 2.9 or later, which logs in by itself",
    "sopsloop:flux.installation: is aks-extension, which takes no controller arguments (Azure/AKS#4390) and so cannot log in to Vault; remove the extension and install Flux by its CLI or operator",
  ]) {
    expect(shown).toContain(line);
  }
  expect(shown).not.toMatch(/^\s+at .*\.(ts|js):\d+/m);
  stack.configure(good);
});

test("a token that Vault does not know is one line, and nothing is made", async () => {
  const stranger = await loop.stack("stranger", devConfig(loop.layout));
  const { code, stdout, stderr } = await stranger
    .withEnv({ VAULT_TOKEN: "hvs.not-a-token" })
    .pulumi("preview");
  expect(code).not.toBe(0);
  expect(stdout + stderr).toMatch(/cannot look up sys\/(mounts|auth|audit) in Vault: .*permission denied/);
  expect(stdout + stderr).not.toMatch(/^\s+at .*\.(ts|js):\d+/m);
  expect(await loop.vault.send("GET", "transit/keys/sops")).toBeUndefined();
});

test("a Vault that is sealed is named as such", async () => {
  await loop.vault.send("PUT", "sys/seal");
  const shown = await failure();
  expect(shown).toMatch(/is sealed: .*unseal it, then run again/);
  await loop.sandbox.vault.start();
  await stack.succeed("preview");
});
