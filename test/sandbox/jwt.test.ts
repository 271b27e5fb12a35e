import { afterAll, beforeAll, expect, test } from "vitest";
import { KubeApi } from "../../sandbox/servers/kube-api";
import { devConfig, jwtAuth } from "./support/dev-config";
import { fluxToken } from "./support/flux-token";
import { Loop } from "./support/loop";
import type { Stack } from "./support/stack";
import { VaultAs } from "./support/vault-as";

let loop: Loop;
let stack: Stack;

beforeAll(async () => {
  loop = await Loop.start();
  stack = await loop.stack("jwt", devConfig(loop.layout, { vault: jwtAuth(loop.layout) }));
  await stack.up();
});
afterAll(() => loop?.stop());

test("the loop closes through the cluster's issuer, without a reviewer and without a secret in the cluster", async () => {
  const proof = await loop.prove(stack);
  expect(proof.login).toMatchObject({
    path: "auth/jwt/login",
    role: "flux-system_kustomize-controller",
    tokenType: "batch",
    policies: ["sops-flux-decrypt"],
  });
  const kube = KubeApi.admin(loop.layout);
  try {
    expect(await kube.list("/api/v1/namespaces/flux-system/secrets")).toEqual([]);
  } finally {
    kube.close();
  }
});

test("another account and another audience are refused here too", async () => {
  const kube = KubeApi.admin(loop.layout);
  const login = async (account: string, audience: string) =>
    VaultAs.login(
      loop.layout,
      "jwt",
      "flux-system_kustomize-controller",
      await fluxToken(kube, account, audience),
    );
  const { address } = loop.layout.vault;
  try {
    await expect(login("source-controller", address)).rejects.toThrow(/400.*invalid subject \(sub\) claim/);
    await expect(login("kustomize-controller", "https://elsewhere.example")).rejects.toThrow(
      /400.*invalid audience \(aud\) claim/,
    );
    await expect(login("kustomize-controller", address)).resolves.toBeInstanceOf(VaultAs);
  } finally {
    kube.close();
  }
});

test("up and refresh again: no changes", async () => {
  await stack.up("--expect-no-changes");
  await stack.succeed("refresh", "--yes", "--skip-preview", "--expect-no-changes");
});
