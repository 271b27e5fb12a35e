import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { devConfig, withGitLab } from "./support/dev-config";
import { Loop } from "./support/loop";
import type { Stack } from "./support/stack";

const POLICY = readFileSync(join(__dirname, "..", "..", "docs", "deployer-policy.hcl"), "utf8");

let loop: Loop;
let stack: Stack;
let token: string;

beforeAll(async () => {
  loop = await Loop.start();
  await loop.vault.send("PUT", "sys/policies/acl/deployer", { policy: POLICY });
  const wish = { policies: ["deployer"], no_default_policy: true, ttl: "1h" };
  const made = await loop.vault.send<{ auth: { client_token: string } }>("POST", "auth/token/create", wish);
  token = made?.auth.client_token ?? "";
  const config = { ...devConfig(loop.layout), ...withGitLab(loop.layout) };
  stack = (await loop.stack("deployer", config)).withEnv({ VAULT_TOKEN: token });
});
afterAll(() => loop?.stop());

test("the documented policy is enough for everything the program does, from up to destroy", async () => {
  await stack.up();
  await stack.up("--expect-no-changes");
  await stack.succeed("refresh", "--yes", "--skip-preview", "--expect-no-changes");
  expect((await loop.prove(stack)).login.role).toBe("flux-system_kustomize-controller");
  const { "sopsloop:vault": vault } = devConfig(loop.layout, { vault: { transit: { protect: false } } });
  stack.configure({ "sopsloop:vault": vault });
  await stack.up();
  await stack.succeed("destroy", "--yes");
  expect(await stack.resources()).toEqual([]);
});

test("and not enough to open a file", async () => {
  await loop.vault.send("POST", "sys/mounts/transit", { type: "transit" });
  await loop.vault.send("POST", "transit/keys/sops");
  const { code, stderr } = await loop.as(
    { VAULT_TOKEN: token },
    "vault",
    "write",
    "-f",
    "transit/decrypt/sops",
  );
  expect(code).not.toBe(0);
  expect(stderr).toMatch(/permission denied/);
});
