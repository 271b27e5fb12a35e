import { existsSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { run } from "../../sandbox/processes/run";
import { devConfig, withGitLab } from "./support/dev-config";
import { documentedPolicy, tokenOf } from "./support/documented-policy";
import { Loop } from "./support/loop";
import type { Stack } from "./support/stack";

const plugins = process.env.SOPSLOOP_PLUGINS ?? "";
const missing = !existsSync(plugins);
const why = missing ? " (skipped: SOPSLOOP_PLUGINS names no folder with the official plugin)" : "";

describe.skipIf(missing)(
  `the same program with the official Vault plugin and the documented policies${why}`,
  () => {
    let loop: Loop;
    let stack: Stack;

    beforeAll(async () => {
      loop = await Loop.start({ officialPlugins: plugins });
      const config = { ...devConfig(loop.layout), ...withGitLab(loop.layout) };
      const VAULT_TOKEN = await tokenOf(loop.vault, "deployer", documentedPolicy("deployer-policy.hcl"));
      stack = (await loop.stack("official", config)).withEnv({ VAULT_TOKEN });
    });
    afterAll(() => loop?.stop());

    test("it is really the official one", async () => {
      const list = await run("pulumi", ["plugin", "ls", "--json"], { cwd: stack.folder, env: loop.env });
      const found = JSON.parse(list) as { name: string; size: number }[];
      // A compiled Go plugin, and not a bundle of a few hundred kilobytes.
      expect(found.find(({ name }) => name === "vault")?.size ?? 0).toBeGreaterThan(20_000_000);
    });

    test("up, and the loop closes", async () => {
      await stack.up();
      const proof = await loop.prove(stack);
      expect(proof.login).toMatchObject({
        path: "auth/kubernetes/login",
        role: "flux-system_kustomize-controller",
        tokenType: "batch",
        policies: ["sops-flux-decrypt"],
      });
    });

    test("up and refresh again: no changes", async () => {
      await stack.up("--expect-no-changes");
      await stack.succeed("refresh", "--yes", "--skip-preview", "--expect-no-changes");
    });

    test("with protection taken off, everything goes", async () => {
      const { "sopsloop:vault": vault } = devConfig(loop.layout, { vault: { transit: { protect: false } } });
      stack.configure({ "sopsloop:vault": vault });
      const VAULT_TOKEN = await tokenOf(loop.vault, "preview", documentedPolicy("preview-policy.hcl"));
      await stack.withEnv({ VAULT_TOKEN }).succeed("preview");
      await stack.up();
      await stack.succeed("destroy", "--yes");
      expect(await stack.resources()).toEqual([]);
    });
  },
);
