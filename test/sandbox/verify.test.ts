import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Row } from "../../cli/verify/probe";
import { until } from "../../sandbox/processes/until";
import { devConfig } from "./support/dev-config";
import { Loop } from "./support/loop";
import type { Stack } from "./support/stack";

const peer = (port: number) => ({ cidr: "127.0.0.1/32", port });
const AUTH = "auth/kubernetes";
const ROLE = `${AUTH}/role/flux-system_kustomize-controller`;

let loop: Loop;
let stack: Stack;
let outputs: string;

beforeAll(async () => {
  loop = await Loop.start();
  const networkPolicies = {
    apiServer: peer(6443),
    vault: peer(8200),
    git: peer(443),
    stockPolicy: "present",
  };
  stack = await loop.stack("verify", devConfig(loop.layout, { flux: { networkPolicies } }));
  await stack.up();
  await loop.prove(stack);
  outputs = join(loop.layout.root, "outputs.json");
  writeFileSync(outputs, JSON.stringify(await stack.outputs()));
});
afterAll(async () => {
  await loop?.stop();
});

async function verify(...words: string[]): Promise<{ code: number; rows: readonly Row[]; stderr: string }> {
  const { code, stdout, stderr } = await loop.as(
    {},
    "sopsloop",
    "verify",
    "--outputs",
    outputs,
    "--json",
    ...words,
  );
  const report = JSON.parse(stdout) as { schema: string; rows: readonly Row[] };
  expect(report.schema).toBe("sopsloop.verify/1");
  return { code, rows: report.rows, stderr };
}

async function kubectl(...words: string[]): Promise<void> {
  const { code, stderr } = await loop.as({}, "kubectl", ...words);
  if (code !== 0) throw new Error(`kubectl ${words.join(" ")}: ${stderr}`);
}

const patch = (kind: string, name: string, change: object) =>
  kubectl(
    "patch",
    kind,
    name,
    "--namespace=flux-system",
    "--type=merge",
    `--patch=${JSON.stringify(change)}`,
  );
const vault = (method: string, path: string, body?: object) => loop.vault.send(method, path, body);

async function changed(path: string, change: object): Promise<void> {
  const now = (await vault("GET", path)) as { data: Record<string, unknown> };
  await vault("PUT", path, { ...now.data, ...change });
}

/** The reviewer's JWT: Vault never gives it back, and forgets it when its config is written without. */
async function reviewerJwt(): Promise<string> {
  const path = "--output=jsonpath={.data.token}";
  const { stdout } = await loop.as(
    {},
    "kubectl",
    "get",
    "secret",
    "vault-token-reviewer",
    "--namespace=flux-system",
    path,
  );
  return Buffer.from(stdout, "base64").toString("utf8");
}

/** Controllers take a moment to start again. */
async function untilItHolds(): Promise<void> {
  const failed = async () => (await verify()).rows.filter(({ result }) => result === "failed");
  const held = async () => ((await failed()).length === 0 ? true : undefined);
  await until(held, {
    what: "every row to be ok",
    timeoutMs: 60_000,
    hint: async () => JSON.stringify(await failed()),
  });
}

interface Binding {
  readonly metadata: { readonly name: string };
  readonly subjects?: readonly { readonly name: string; readonly namespace?: string }[];
}
let rights: readonly Binding[] = [];

/** What a stock Flux lets its controllers do in the whole cluster. */
async function fluxRights(): Promise<readonly Binding[]> {
  const { stdout } = await loop.as({}, "kubectl", "get", "clusterrolebindings", "--output=json");
  const { items } = JSON.parse(stdout) as { items: readonly Binding[] };
  return items.filter(({ subjects = [] }) =>
    subjects.some(({ name, namespace }) => name === "kustomize-controller" && namespace === "flux-system"),
  );
}

async function apply({ metadata, ...rest }: Binding): Promise<void> {
  const file = join(loop.layout.root, "binding.json");
  writeFileSync(file, JSON.stringify({ ...rest, metadata: { name: metadata.name } }));
  await kubectl("create", "--filename", file);
}

test("a loop that holds: every row is ok, and exit code 0", async () => {
  const { code, rows } = await verify();
  expect(rows.filter(({ result }) => result !== "ok")).toEqual([]);
  expect(rows.map(({ id }) => id)).toEqual([
    "vault",
    "mount",
    "key",
    "policies",
    "roles",
    "reviewer",
    "api-server-ca",
    "login",
    "wrong-audience",
    "capabilities",
    "round-trip",
    "controller",
    "vault-config",
    "vault-ca",
    "token-request",
    "network-policies",
    "kustomizations",
    "audit-device",
  ]);
  expect(code).toBe(0);
});

test("a new secret goes around the loop, and nothing of it stays", async () => {
  const { code, rows } = await verify("--end-to-end");
  expect(rows.at(-1)).toMatchObject({ id: "end-to-end", result: "ok" });
  expect(code).toBe(0);
  const left = await loop.as({}, "kubectl", "get", "secrets", "--all-namespaces", "--output=name");
  expect(left.stdout).not.toContain("sopsloop-verify");
});

test("interrupted midway, it takes the test secret out of the repository again", async () => {
  const source = "gitrepository.source.toolkit.fluxcd.io";
  // So that it waits for what does not come.
  await patch(source, "deploy", { spec: { suspend: true } });
  const words = ["verify", "--outputs", outputs, "--end-to-end", "--json"];
  const child = spawn("sopsloop", words, { env: { ...loop.env }, stdio: ["ignore", "pipe", "ignore"] });
  let out = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    out += text;
  });
  const ended = once(child, "close");
  const pushed = async () =>
    (await lastMessage()).startsWith("Verify the loop: sopsloop-verify-") ? true : undefined;
  await until(pushed, { what: "the test secret to be pushed", timeoutMs: 60_000, pauseMs: 50 });
  child.kill("SIGINT");
  const [code] = await ended;
  await patch(source, "deploy", { spec: { suspend: false } });
  expect(code).toBe(1);
  const { rows } = JSON.parse(out) as { rows: readonly Row[] };
  expect(rows.at(-1)).toMatchObject({
    id: "end-to-end",
    result: "failed",
    why: expect.stringMatching(/^interrupted/),
  });
  expect(await lastMessage()).toMatch(/^Verified the loop: sopsloop-verify-\w+ goes again$/);
  const files = await loop.as(
    {},
    "git",
    `--git-dir=${loop.layout.git.repository}`,
    "ls-tree",
    "-r",
    "--name-only",
    "main",
  );
  expect(files.stdout).not.toContain("sopsloop-verify");
});

async function lastMessage(): Promise<string> {
  const { stdout } = await loop.as(
    {},
    "git",
    `--git-dir=${loop.layout.git.repository}`,
    "log",
    "-1",
    "--format=%s",
    "main",
  );
  return stdout.trim();
}

describe("a fault is named by the first row that fails", () => {
  test.each<[string, string, RegExp, () => Promise<unknown>, (() => Promise<unknown>)?]>([
    [
      "the engine makes mistyped keys",
      "mount",
      /disable_upsert is off/,
      () => vault("PUT", "transit/config/keys", { disable_upsert: false }),
    ],
    [
      "the key may be deleted",
      "key",
      /may be deleted/,
      () => vault("PUT", "transit/keys/sops/config", { deletion_allowed: true }),
    ],
    [
      "a policy whose path is not the key's",
      "policies",
      /policy sops-flux-decrypt was edited/,
      () =>
        vault("PUT", "sys/policies/acl/sops-flux-decrypt", {
          policy: 'path "transit/decrypt/sop" { capabilities = ["update"] }',
        }),
    ],
    [
      "a role that is gone",
      "roles",
      /Vault has no role flux-system_kustomize-controller/,
      () => vault("DELETE", ROLE),
    ],
    [
      "a role bound to another account",
      "roles",
      /its bound_service_account_names is \["default"\]/,
      () => changed(ROLE, { bound_service_account_names: ["default"] }),
    ],
    [
      "a role for another audience",
      "roles",
      /its audience is "https:\/\/other"/,
      () => changed(ROLE, { audience: "https://other" }),
    ],
    [
      "a role with one policy more",
      "roles",
      /its policies is .*root-like/,
      () => changed(ROLE, { token_policies: ["sops-flux-decrypt", "root-like"] }),
    ],
    [
      "a reviewer that may not review",
      "reviewer",
      /vault-token-reviewer may not review tokens/,
      () => kubectl("delete", "clusterrolebinding", "flux-system-vault-token-reviewer"),
    ],
    [
      "another API server's CA",
      "api-server-ca",
      /is not the API server's/,
      async () =>
        changed(`${AUTH}/config`, {
          kubernetes_ca_cert: readFileSync(loop.layout.vault.ca, "utf8"),
          token_reviewer_jwt: await reviewerJwt(),
        }),
    ],
    [
      "a reviewer's JWT that is void",
      "login",
      /cannot have the token reviewed/,
      () => changed(`${AUTH}/config`, { token_reviewer_jwt: "eyJhbGciOiJub25lIn0.e30." }),
      () => stack.up("--target-replace", "**:AuthBackendConfig::**"),
    ],
    [
      "flags that flux install took back",
      "controller",
      /--sops-vault-configmap is gone/,
      () => controllerArgs(),
    ],
    [
      "another address in the ConfigMap",
      "vault-config",
      /not https:\/\/127\.0\.0\.1:\d+, character for character/,
      () => replacedIn("sopsloop-vault", "127.0.0.1", "vault.example.com"),
    ],
    [
      "a CA that is not there",
      "vault-ca",
      /does not have/,
      () => patch("configmap", "sopsloop-vault-ca", { data: { "ca.pem": null } }),
    ],
    [
      "no right to ask for tokens",
      "token-request",
      /it may not: Flux cannot log in/,
      async () => {
        await kubectl("delete", "rolebinding", "sopsloop-decryption-token", "--namespace=flux-system");
        rights = await fluxRights();
        await kubectl("delete", "clusterrolebinding", ...rights.map(({ metadata }) => metadata.name));
      },
      async () => {
        for (const right of rights) await apply(right);
        await stack.up("--refresh");
      },
    ],
    [
      "a network policy that is gone",
      "network-policies",
      /default-deny is gone/,
      () => kubectl("delete", "networkpolicy", "sopsloop-default-deny", "--namespace=flux-system"),
    ],
    [
      "a Kustomization that is suspended",
      "kustomizations",
      /is suspended/,
      () => patch("kustomization.kustomize.toolkit.fluxcd.io", "apps", { spec: { suspend: true } }),
      () => patch("kustomization.kustomize.toolkit.fluxcd.io", "apps", { spec: { suspend: false } }),
    ],
    [
      "an audit device that is off",
      "audit-device",
      /no audit device writes/,
      () => vault("DELETE", "sys/audit/file"),
    ],
  ])("%s", async (_name, id, why, inject, mend = () => stack.up("--refresh")) => {
    await inject();
    const { code, rows } = await verify();
    const failed = rows.filter(({ result }) => result === "failed");
    // What the row says to do next.
    await mend();
    expect(failed[0]).toMatchObject({
      id,
      why: expect.stringMatching(why),
      next: expect.stringMatching(/\w/),
    });
    expect(code).toBe(1);
    await untilItHolds();
  });

  test("a sealed Vault, by which nothing else can be told", async () => {
    await vault("PUT", "sys/seal");
    const { code, rows } = await verify();
    expect(rows[0]).toMatchObject({
      id: "vault",
      result: "failed",
      why: "Vault is sealed: nothing can be decrypted",
      next: "vault operator unseal",
    });
    expect(rows.filter(({ result }) => result === "failed")).toHaveLength(1);
    expect(code).toBe(1);
    await vault("PUT", "sys/unseal", { key: readFileSync(loop.layout.vault.unsealKey, "utf8").trim() });
  });
});

describe("wrong usage", () => {
  test.each([
    [
      "a file that is not there",
      ["--outputs", "/nowhere"],
      "sopsloop: --outputs /nowhere: cannot be read (ENOENT); name a file\n",
    ],
    [
      "outputs of another program",
      ["--outputs", "package.json"],
      "sopsloop: package.json: has no usable vaultAddress; is it a stack of sopsloop, and has pulumi up run?\n",
    ],
  ])("%s", async (_name, words, line) => {
    const { code, stderr } = await loop.as({}, "sopsloop", "verify", ...words);
    expect({ code, stderr }).toEqual({ code: 2, stderr: line });
  });
});

async function controllerArgs(): Promise<void> {
  const args = ["--watch-all-namespaces=true", "--log-level=info"];
  const change = { spec: { template: { spec: { containers: [{ name: "manager", args }] } } } };
  await kubectl(
    "patch",
    "deployment",
    "kustomize-controller",
    "--namespace=flux-system",
    "--type=strategic",
    `--patch=${JSON.stringify(change)}`,
  );
}

async function replacedIn(configMap: string, from: string, to: string): Promise<void> {
  const { stdout } = await loop.as(
    {},
    "kubectl",
    "get",
    "configmap",
    configMap,
    "--namespace=flux-system",
    "--output=json",
  );
  const { data } = JSON.parse(stdout) as { data: Record<string, string> };
  await patch("configmap", configMap, {
    data: Object.fromEntries(Object.entries(data).map(([name, text]) => [name, text.replace(from, to)])),
  });
}
