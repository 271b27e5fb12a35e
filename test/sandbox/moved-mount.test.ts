import { existsSync, readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { devConfig } from "./support/dev-config";
import { Loop } from "./support/loop";
import type { Stack } from "./support/stack";

const plugins = process.env.SOPSLOOP_PLUGINS ?? "";
const ROLE = "flux-system_kustomize-controller";

let loop: Loop;

beforeAll(async () => {
  // What a replacement is comes from the provider: the official one where it is at hand.
  loop = await Loop.start({ officialPlugins: existsSync(plugins) ? plugins : undefined });
});
afterAll(() => loop?.stop());

async function authMethods(): Promise<string[]> {
  const found = await loop.vault.send<{ data: object }>("GET", "sys/auth");
  return Object.keys(found?.data ?? {});
}

/** Both methods, each with its signing keys or its reviewer as a person would write them. */
const METHODS = {
  kubernetes: () => ({ method: "kubernetes", reviewer: { mode: "token" } }),
  // The file ends in a newline, which Vault does not keep.
  jwt: () => ({ method: "jwt", keys: { pem: [readFileSync(loop.layout.kubernetes.publicKey, "utf8")] } }),
};

describe.each(["kubernetes", "jwt"] as const)("auth.mount is changed, method %s", (method) => {
  let stack: Stack;
  const configFor = (mount: string) =>
    devConfig(loop.layout, { vault: { auth: { ...METHODS[method](), mount }, transit: { protect: false } } });
  const before = `${method}-old`;
  const after = `${method}/new`;

  test("the method stands under its first mount, and stays as it is", async () => {
    stack = await loop.stack(method, configFor(before));
    await stack.up();
    await stack.up("--expect-no-changes");
    expect(await authMethods()).toContain(`${before}/`);
  });

  test("the next up makes it anew under the other mount, with its roles, and takes the old one away", async () => {
    stack.configure(configFor(after));
    const replaced = (await stack.plan()).filter(({ op }) => op === "replace");
    expect(replaced.map(({ urn }) => urn.split("::").pop())).toContain("flux-auth");
    await stack.up();
    expect(await authMethods()).toContain(`${after}/`);
    expect(await authMethods()).not.toContain(`${before}/`);
    expect(await loop.vault.send("GET", `auth/${after}/role/${ROLE}`)).toMatchObject({
      data: { token_policies: ["sops-flux-decrypt"], token_type: "batch" },
    });
    const login = (await stack.resources()).find(({ urn }) => urn.endsWith("::flux-auth"));
    expect(login?.id).toBe(after);
  });

  test("up and refresh again: no changes", async () => {
    await stack.up("--expect-no-changes");
    await stack.succeed("refresh", "--yes", "--skip-preview", "--expect-no-changes");
  });

  test("Flux logs in under the new mount", async () => {
    const { login } = await loop.prove(stack);
    expect(login).toMatchObject({ path: `auth/${after}/login`, role: ROLE, tokenType: "batch" });
  });

  test("destroy takes it away from where it is now", async () => {
    await stack.succeed("destroy", "--yes");
    expect(await authMethods()).not.toContain(`${after}/`);
  });
});
