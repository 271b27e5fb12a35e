import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { run, tryRun } from "../../sandbox/processes/run";
import { until } from "../../sandbox/processes/until";
import { DeployClone } from "../../sandbox/proof/deploy-clone";
import { FluxState } from "../../sandbox/proof/flux-state";
import { KubeApi } from "../../sandbox/servers/kube-api";
import { devConfig } from "./support/dev-config";
import { fluxToken } from "./support/flux-token";
import { Loop } from "./support/loop";
import type { Stack } from "./support/stack";
import { VaultAs } from "./support/vault-as";

/** Every refusal here is the real server's own. */
let loop: Loop;
let stack: Stack;
let kube: KubeApi;

beforeAll(async () => {
  loop = await Loop.start();
  kube = KubeApi.admin(loop.layout);
  stack = await loop.stack("refusals", devConfig(loop.layout));
  await stack.up();
  await loop.sandbox.cluster.ready();
});
afterAll(async () => {
  kube?.close();
  await loop?.stop();
});

const ROLE = "flux-system_kustomize-controller";

/** A token of a service account in flux-system, as the API server issues it. */
const tokenOf = (account: string, audience = loop.layout.vault.address) => fluxToken(kube, account, audience);

const login = async (jwt: string, role = ROLE) => VaultAs.login(loop.layout, "kubernetes", role, jwt);

describe("logging in", () => {
  test("another service account is refused", async () => {
    await expect(login(await tokenOf("source-controller"))).rejects.toThrow(
      /403.*service account name not authorized/,
    );
  });

  test("the right account with a token for another server is refused", async () => {
    const jwt = await tokenOf("kustomize-controller", "https://vault.elsewhere.example:8200");
    await expect(login(jwt)).rejects.toThrow(/403.*invalid audience/);
  });

  test("a role that was deleted is refused, and the next up makes it again", async () => {
    const path = `auth/kubernetes/role/${ROLE}`;
    await loop.vault.send("DELETE", path);
    await expect(login(await tokenOf("kustomize-controller"))).rejects.toThrow(/400.*invalid role name/);
    await stack.up("--refresh");
    await expect(login(await tokenOf("kustomize-controller"))).resolves.toBeInstanceOf(VaultAs);
  });
});

describe("the Flux identity", () => {
  let flux: VaultAs;
  beforeAll(async () => {
    await loop.vault.send("POST", "transit/keys/other");
    flux = await login(await tokenOf("kustomize-controller"));
  });

  const plaintext = Buffer.from("plaintext").toString("base64");

  test("decrypts with its key", async () => {
    const wrapped = await loop.vault.send<{ data: { ciphertext: string } }>("POST", "transit/encrypt/sops", {
      plaintext,
    });
    const opened = await flux.post("transit/decrypt/sops", { ciphertext: wrapped?.data.ciphertext });
    expect(opened).toEqual({ status: 200, errors: [] });
  });

  test.each([
    ["encrypts", "POST", "transit/encrypt/sops", { plaintext }],
    ["rewraps", "POST", "transit/rewrap/sops", { ciphertext: "vault:v1:AAAA" }],
    ["reads the key", "GET", "transit/keys/sops", undefined],
    ["rotates the key", "POST", "transit/keys/sops/rotate", {}],
    ["changes the key's settings", "POST", "transit/keys/sops/config", { exportable: true }],
    ["exports the key", "GET", "transit/export/encryption-key/sops", undefined],
    ["decrypts with another key", "POST", "transit/decrypt/other", { ciphertext: "vault:v1:AAAA" }],
    [
      "looks at its own token, which the default policy would allow",
      "GET",
      "auth/token/lookup-self",
      undefined,
    ],
  ] as const)("never %s", async (_what, method, path, body) => {
    const answer = await flux.send(method, path, body);
    expect(answer.status).toBe(403);
    expect(answer.errors.join()).toMatch(/permission denied/);
  });
});

describe("the other identities", () => {
  test("the status identity reads the key and cannot decrypt", async () => {
    const status = await VaultAs.withPolicy(loop.vault, loop.layout, "sops-status");
    expect((await status.send("GET", "transit/keys/sops")).status).toBe(200);
    expect((await status.post("transit/decrypt/sops", { ciphertext: "vault:v1:AAAA" })).status).toBe(403);
    expect((await status.post("transit/encrypt/sops", { plaintext: "" })).status).toBe(403);
  });

  test("the pipeline identity encrypts and rewraps, and cannot decrypt", async () => {
    const pipeline = await VaultAs.withPolicy(loop.vault, loop.layout, "sops-pipeline");
    const wrapped = await loop.vault.send<{ data: { ciphertext: string } }>("POST", "transit/encrypt/sops", {
      plaintext: "",
    });
    const ciphertext = wrapped?.data.ciphertext;
    expect((await pipeline.post("transit/encrypt/sops", { plaintext: "" })).status).toBe(200);
    expect((await pipeline.post("transit/rewrap/sops", { ciphertext })).status).toBe(200);
    expect((await pipeline.post("transit/decrypt/sops", { ciphertext })).status).toBe(403);
  });

  test("a mistyped key makes no new key, not even for root", async () => {
    const encrypting = loop.vault.send("POST", "transit/encrypt/spos", { plaintext: "" });
    await expect(encrypting).rejects.toThrow(/400.*encryption key not found/);
    expect(await loop.vault.send("GET", "transit/keys/spos")).toBeUndefined();
  });
});

test("Flux sends no token to a Vault whose address is not in its ConfigMap", async () => {
  // The same server under its other name: everything fits but the allow-list.
  const elsewhere = loop.layout.vault.address.replace("127.0.0.1", "localhost");
  const { sopsConfig } = await stack.outputs();
  const clone = await DeployClone.of(loop.layout.git.url, loop.env);
  try {
    clone.write(".sops.yaml", String(sopsConfig).replaceAll(loop.layout.vault.address, elsewhere));
    clone.write(
      "apps/elsewhere.sops.yaml",
      "apiVersion: v1\nkind: Secret\nmetadata: {name: elsewhere, namespace: default}\nstringData: {a: b}\n",
    );
    await clone.encrypt("apps/elsewhere.sops.yaml");
    const commit = await clone.push("A file for another Vault");
    const flux = new FluxState(kube, loop.layout.git.url);
    await flux.fetchNow();
    await until(async () => (await flux.hasFetched(commit)) || undefined, {
      what: "the fetch",
      timeoutMs: 60_000,
    });
    await flux.applyNow();
    // sops frames and wraps the message it was given.
    const said = async () => (await flux.explain()).replace(/[\s|]+/g, " ");
    const complaint = async () =>
      /no Vault login path configured for address '[^']*'/.exec(await said())?.[0];
    const line = await until(complaint, { what: "Flux's refusal", timeoutMs: 60_000, hint: said });
    expect(line).toBe(`no Vault login path configured for address '${elsewhere}'`);
    expect(await kube.find("/api/v1/namespaces/default/secrets/elsewhere")).toBeUndefined();
  } finally {
    clone.close();
  }
});

test("the reviewer account may review tokens and nothing else", async () => {
  const as = "--as=system:serviceaccount:flux-system:vault-token-reviewer";
  const can = (...words: string[]) => tryRun("kubectl", ["auth", "can-i", ...words, as], { env: loop.env });
  expect((await can("create", "tokenreviews.authentication.k8s.io")).code).toBe(0);
  expect((await can("get", "secrets", "--all-namespaces")).code).toBe(1);
  expect(
    (await can("create", "serviceaccounts/kustomize-controller", "--subresource=token", "-n", "flux-system"))
      .code,
  ).toBe(1);
});

test("sops itself refuses a Vault that is not on its allow-list", async () => {
  const { sopsConfig } = await stack.outputs();
  const clone = await DeployClone.of(loop.layout.git.url, loop.env);
  try {
    clone.write(".sops.yaml", String(sopsConfig));
    clone.write("a.sops.yaml", "data: {a: b}\n");
    await clone.encrypt("a.sops.yaml");
    const env = { ...loop.env, SOPS_HC_VAULT_ALLOWLIST: "https://vault.elsewhere.example:8200" };
    const refused = await tryRun("sops", ["decrypt", "a.sops.yaml"], { cwd: clone.folder, env });
    expect(refused.code).toBe(128);
    const allowed = { ...loop.env, SOPS_HC_VAULT_ALLOWLIST: loop.layout.vault.address };
    expect(await run("sops", ["decrypt", "a.sops.yaml"], { cwd: clone.folder, env: allowed })).toContain(
      "a: b",
    );
  } finally {
    clone.close();
  }
});
