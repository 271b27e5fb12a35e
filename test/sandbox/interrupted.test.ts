import { spawn } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { until } from "../../sandbox/processes/until";
import { KubeApi } from "../../sandbox/servers/kube-api";
import { descendantsOf, endAll } from "./support/descendants";
import { devConfig } from "./support/dev-config";
import { Loop } from "./support/loop";
import { SlowProxy } from "./support/slow-proxy";
import type { Stack } from "./support/stack";

/** Looks at the server itself, past the proxy. */
type Seen = () => Promise<boolean>;

const SEVERAL_RUNS_MS = 400_000;

async function missingOf(things: readonly Seen[]): Promise<Seen[]> {
  const seen = await Promise.all(things.map((thing) => thing()));
  return things.filter((_thing, index) => !seen[index]);
}

/**
 * Starts `pulumi up` with the server's answers held back, and kills it as soon as one more of `things` is on the server:
 * after the server's work, before the engine's note of it. Resolves with what is still missing then.
 */
async function killAtNext(stack: Stack, proxy: SlowProxy, things: readonly Seen[]): Promise<Seen[]> {
  proxy.holdAnswers(400);
  const { file, args, options } = stack.command("up", "--yes", "--skip-preview");
  const child = spawn(file, args, { ...options, stdio: "ignore" });
  const ended = new Promise<NodeJS.Signals | null>((resolve) => child.on("exit", (_code, by) => resolve(by)));
  const oneMore = async () => ((await missingOf(things)).length < things.length ? true : undefined);
  await until(oneMore, { what: "the moment to kill", timeoutMs: 60_000, pauseMs: 5 });
  const helpers = descendantsOf(child.pid ?? 0);
  child.kill("SIGKILL");
  expect(await ended).toBe("SIGKILL");
  // Plugins leave by themselves once they notice; the language host takes minutes to, so it is ended.
  await endAll(helpers);
  proxy.holdAnswers(0);
  stack.mendState();
  // The killed engine has left its lock behind.
  await stack.succeed("cancel", "--yes");
  return missingOf(things);
}

/** Kills one run after the other until every thing is there. Resolves with the number of kills. */
async function killUntilAllAreThere(
  stack: Stack,
  proxy: SlowProxy,
  things: readonly Seen[],
): Promise<number> {
  let missing = await missingOf(things);
  let kills = 0;
  for (; missing.length > 0; kills++) missing = await killAtNext(stack, proxy, missing);
  return kills;
}

async function converges(stack: Stack): Promise<void> {
  await stack.up();
  await stack.up("--expect-no-changes");
  await stack.succeed("refresh", "--yes", "--skip-preview", "--expect-no-changes");
}

describe("with Vault's answers late", () => {
  let loop: Loop;
  let proxy: SlowProxy;
  let stack: Stack;

  beforeAll(async () => {
    loop = await Loop.start();
    proxy = await SlowProxy.start(loop.layout.ports.vault);
    const address = `https://127.0.0.1:${proxy.port}`;
    stack = await loop.stack("interrupted", devConfig(loop.layout, { vault: { address } }));
  });
  afterAll(async () => {
    await proxy?.stop();
    await loop?.stop();
  });

  const data = async (path: string) =>
    // While an audit device comes up, Vault may answer with an internal error.
    (await loop.vault.send<{ data: Record<string, unknown> }>("GET", path).catch(() => undefined))?.data;
  const listed = (list: string, path: string) => async () => (await data(list))?.[path] !== undefined;
  const there = (path: string) => async () => (await data(path)) !== undefined;

  test(
    "killed whenever something new was made, until all is made",
    async () => {
      const kills = await killUntilAllAreThere(stack, proxy, [
        listed("sys/audit", "file/"),
        listed("sys/mounts", "transit/"),
        listed("sys/auth", "kubernetes/"),
        there("transit/keys/sops"),
        there("sys/policies/acl/sops-flux-decrypt"),
        there("auth/kubernetes/role/flux-system_kustomize-controller"),
      ]);
      expect(kills).toBeGreaterThanOrEqual(4);
    },
    SEVERAL_RUNS_MS,
  );

  test("the run that is let alone converges, and the ones after it change nothing", async () => {
    await converges(stack);
    const mounts = (await stack.resources()).filter(({ type }) => type === "vault:index/mount:Mount");
    expect(mounts.map(({ id, protect }) => ({ id, protect }))).toEqual([{ id: "transit", protect: true }]);
  });
});

describe("with the cluster's answers late", () => {
  let loop: Loop;
  let proxy: SlowProxy;
  let stack: Stack;
  let kube: KubeApi;

  beforeAll(async () => {
    loop = await Loop.start();
    kube = KubeApi.admin(loop.layout);
    const { kubeconfig, address } = loop.layout.kubernetes;
    proxy = await SlowProxy.start(loop.layout.ports.apiServer);
    const throughProxy = join(loop.layout.root, "kubeconfig-late");
    const late = readFileSync(kubeconfig, "utf8").replace(address, `https://127.0.0.1:${proxy.port}`);
    writeFileSync(throughProxy, late, { mode: 0o600 });
    const config = devConfig(loop.layout);
    const kubernetes = { ...(config["sopsloop:kubernetes"] as object), kubeconfig: throughProxy };
    stack = await loop.stack("late-cluster", { ...config, "sopsloop:kubernetes": kubernetes });
  });
  afterAll(async () => {
    await proxy?.stop();
    kube?.close();
    await loop?.stop();
  });

  const there = (path: string) => async () => (await kube.find(path)) !== undefined;

  test(
    "killed whenever something new was made, until all is made",
    async () => {
      const kills = await killUntilAllAreThere(stack, proxy, [
        there("/api/v1/namespaces/flux-system/configmaps/sopsloop-vault"),
        there("/api/v1/namespaces/flux-system/secrets/vault-token-reviewer"),
        there("/apis/kustomize.toolkit.fluxcd.io/v1/namespaces/flux-system/kustomizations/apps"),
      ]);
      expect(kills).toBeGreaterThanOrEqual(2);
    },
    SEVERAL_RUNS_MS,
  );

  test("the run that is let alone converges, and the loop closes", async () => {
    await converges(stack);
    expect((await loop.prove(stack)).login.role).toBe("flux-system_kustomize-controller");
  });
});
