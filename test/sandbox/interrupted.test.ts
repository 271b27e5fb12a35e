import { spawn } from "node:child_process";
import { afterAll, beforeAll, expect, test } from "vitest";
import { until } from "../../sandbox/processes/until";
import { KubeApi } from "../../sandbox/servers/kube-api";
import { descendantsOf, endAll } from "./support/descendants";
import { devConfig } from "./support/dev-config";
import { Loop } from "./support/loop";
import { SlowProxy } from "./support/slow-proxy";
import type { Stack } from "./support/stack";

let loop: Loop;
let proxy: SlowProxy;
let stack: Stack;
let kube: KubeApi;

beforeAll(async () => {
  loop = await Loop.start();
  kube = KubeApi.admin(loop.layout);
  proxy = await SlowProxy.start(loop.layout.ports.vault);
  // Through the proxy Vault answers late, so that a kill falls between its work and the engine's note of it.
  const address = `https://127.0.0.1:${proxy.port}`;
  stack = await loop.stack("interrupted", devConfig(loop.layout, { vault: { address } }));
});
afterAll(async () => {
  await proxy?.stop();
  kube?.close();
  await loop?.stop();
});

/** Starts `pulumi up` and kills it as soon as `done` is seen on the server itself. */
async function killWhen(done: () => Promise<boolean>): Promise<void> {
  proxy.holdAnswers(400);
  const { file, args, options } = stack.command("up", "--yes", "--skip-preview");
  const child = spawn(file, args, { ...options, stdio: "ignore" });
  const ended = new Promise<NodeJS.Signals | null>((resolve) => child.on("exit", (_code, by) => resolve(by)));
  const seen = async () => ((await done()) ? true : undefined);
  await until(seen, { what: "the moment to kill", timeoutMs: 60_000, pauseMs: 5 });
  const helpers = descendantsOf(child.pid ?? 0);
  child.kill("SIGKILL");
  expect(await ended).toBe("SIGKILL");
  proxy.holdAnswers(0);
  // Plugins leave by themselves once they notice; the language host takes minutes to, so it is ended.
  await endAll(helpers);
}

const listed = (list: string, path: string) => async () => {
  const answer = await loop.vault.send<{ data: Record<string, unknown> }>("GET", list);
  return answer?.data[path] !== undefined;
};
const there = (path: string) => async () => (await loop.vault.send("GET", path)) !== undefined;
const inCluster = (path: string) => async () => (await kube.find(path)) !== undefined;

test.each<[string, () => Promise<boolean>]>([
  ["the mount was made", listed("sys/mounts", "transit/")],
  ["the auth method was enabled", listed("sys/auth", "kubernetes/")],
  ["the audit device was enabled", listed("sys/audit", "file/")],
  ["the key was made", there("transit/keys/sops")],
  ["the policy was written", there("sys/policies/acl/sops-flux-decrypt")],
  ["the role was written", there("auth/kubernetes/role/flux-system_kustomize-controller")],
  ["the ConfigMap was applied", inCluster("/api/v1/namespaces/flux-system/configmaps/sopsloop-vault")],
])("killed when %s, the next run goes on", async (_moment, done) => {
  await killWhen(done);
  // The killed engine has left its lock behind.
  await stack.succeed("cancel", "--yes");
});

test("the run that is let alone converges, and the one after it changes nothing", async () => {
  await stack.up();
  await stack.up("--expect-no-changes");
  await stack.succeed("refresh", "--yes", "--skip-preview", "--expect-no-changes");
  expect((await stack.resources()).filter(({ type }) => type === "vault:index/mount:Mount")).toHaveLength(1);
  expect(await loop.vault.send("GET", "auth/kubernetes/role/flux-system_kustomize-controller")).toBeDefined();
});
