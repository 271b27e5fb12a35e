import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { run } from "../../sandbox/processes/run";
import { devConfig } from "./support/dev-config";
import { guideScript } from "./support/guide-script";
import { Loop } from "./support/loop";
import type { Stack } from "./support/stack";

let loop: Loop;
let stack: Stack;
let ciphertext: string;
const plaintext = Buffer.from("encrypted before the program came").toString("base64");

beforeAll(async () => {
  loop = await Loop.start();
  const script = join(loop.layout.root, "guide.sh");
  writeFileSync(script, await guideScript(loop), { mode: 0o700 });
  await run("bash", [script], { env: loop.env, cwd: loop.layout.root });
  ciphertext = (
    await run("vault", ["write", "-field=ciphertext", "transit/encrypt/sops", "-"], {
      env: loop.env,
      input: JSON.stringify({ plaintext }),
    })
  ).trim();
  stack = await loop.stack("adoption", { ...devConfig(loop.layout), "sopsloop:adopt": true });
});
afterAll(() => loop?.stop());

const nameOf = (urn: string) => urn.split("::").pop() ?? "";

test("the preview takes over the six things of the script, and replaces and deletes nothing", async () => {
  const steps = await stack.plan();
  const imported = steps.filter(({ op }) => op === "import").map(({ urn }) => nameOf(urn));
  expect(imported.sort()).toEqual([
    "flux-auth",
    "flux-auth-config",
    "flux-role-of-guide",
    "sops-guide",
    "sops-key",
    "sops-mount",
  ]);
  expect([...new Set(steps.map(({ op }) => op))].sort()).toEqual(["create", "import", "update"]);
});

test("up brings it in line, and the old ciphertext still opens", async () => {
  await stack.up();
  const opened = await run("vault", ["write", "-field=plaintext", "transit/decrypt/sops", "-"], {
    env: loop.env,
    input: JSON.stringify({ ciphertext }),
  });
  expect(opened.trim()).toBe(plaintext);
  const key = await loop.vault.send<{ data: Record<string, unknown> }>("GET", "transit/keys/sops");
  expect(key?.data).toMatchObject({
    latest_version: 1,
    auto_rotate_period: 7776000,
    deletion_allowed: false,
  });
  const settings = await loop.vault.send<{ data: object }>("GET", "transit/config/keys");
  expect(settings?.data).toMatchObject({ disable_upsert: true });
});

test("the loop closes with the adopted key", async () => {
  const proof = await loop.prove(stack);
  expect(proof.login.role).toBe("flux-system_kustomize-controller");
});

test("`adopt` may stay, and may go: no changes either way", async () => {
  await stack.up("--expect-no-changes");
  stack.configure({ "sopsloop:adopt": false });
  await stack.up("--expect-no-changes");
});

test("without `adopt`, somebody else's mount is left alone and the run says what is in the way", async () => {
  const other = await loop.stack("stranger", devConfig(loop.layout, { vault: { audit: undefined } }));
  const { code, stdout, stderr } = await other.pulumi("up", "--yes", "--skip-preview");
  expect(code).not.toBe(0);
  expect(stdout + stderr).toMatch(/path is already in use at (transit|kubernetes)\//);
});

test("somebody else's audit device is not adopted: destroying the stack would stop their log", async () => {
  await loop.vault.send("PUT", "sys/audit/theirs", {
    type: "file",
    options: { file_path: `${loop.layout.vault.audit}.theirs` },
  });
  const audit = { path: loop.layout.vault.audit, mount: "theirs" };
  const other = await loop.stack("listener", {
    ...devConfig(loop.layout, { vault: { audit } }),
    "sopsloop:adopt": true,
  });
  const { code, stdout, stderr } = await other.pulumi("preview");
  expect(code).not.toBe(0);
  expect(stdout + stderr).toContain(
    "sopsloop:vault.audit.mount: is theirs, an audit device in Vault that this stack did not make; set it to another name",
  );
  expect(stdout + stderr).not.toMatch(/^\s+at .*\.(ts|js):\d+/m);
});

test("destroy leaves the adopted auth method, with the roles that others have there", async () => {
  await loop.vault.send("POST", "auth/kubernetes/role/theirs", {
    bound_service_account_names: ["theirs"],
    bound_service_account_namespaces: ["theirs"],
  });
  const { "sopsloop:vault": vault } = devConfig(loop.layout, { vault: { transit: { protect: false } } });
  stack.configure({ "sopsloop:vault": vault });
  await stack.up();
  await stack.succeed("destroy", "--yes");
  expect(await stack.resources()).toEqual([]);
  expect(await loop.vault.send("GET", "auth/kubernetes/role/theirs")).toBeDefined();
  expect(
    await loop.vault.send("GET", "auth/kubernetes/role/flux-system_kustomize-controller"),
  ).toBeUndefined();
});
