import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { KubeApi } from "../../sandbox/servers/kube-api";
import { devConfig } from "./support/dev-config";
import { Loop } from "./support/loop";
import type { Stack } from "./support/stack";

let loop: Loop;
let stack: Stack;
let kube: KubeApi;

beforeAll(async () => {
  loop = await Loop.start();
  kube = KubeApi.admin(loop.layout);
  stack = await loop.stack("loop", devConfig(loop.layout));
});
afterAll(async () => {
  kube?.close();
  await loop?.stop();
});

const changed = (steps: readonly { op: string; urn: string }[]) =>
  steps
    .filter(({ op }) => op !== "same" && op !== "read")
    .map(({ op, urn }) => `${op} ${urn.split("::").pop()}`);

describe("one stack, from nothing to nothing", () => {
  test("a preview before anything exists creates everything and deletes nothing", async () => {
    const ops = new Set((await stack.plan()).map(({ op }) => op));
    expect([...ops].sort()).toEqual(["create"]);
  });

  test("up, and a pushed secret arrives decrypted, by a login that Vault's audit log shows", async () => {
    await stack.up();
    const proof = await loop.prove(stack);
    expect(proof.login).toEqual({
      path: "auth/kubernetes/login",
      role: "flux-system_kustomize-controller",
      account: "kubernetes-flux-system-kustomize-controller",
      tokenType: "batch",
      policies: ["sops-flux-decrypt"],
    });
  });

  test("the controller has no static token", async () => {
    const deployment = await kube.find(
      "/apis/apps/v1/namespaces/flux-system/deployments/kustomize-controller",
    );
    const secrets = await kube.list<{ metadata: { name: string } }>("/api/v1/namespaces/flux-system/secrets");
    expect(JSON.stringify(deployment)).not.toMatch(/VAULT_TOKEN/);
    expect(secrets.map(({ metadata }) => metadata.name)).toEqual(["vault-token-reviewer"]);
  });

  test("up and refresh again: no changes", async () => {
    await stack.up("--expect-no-changes");
    await stack.succeed("refresh", "--yes", "--skip-preview", "--expect-no-changes");
    expect(changed(await stack.plan())).toEqual([]);
  });

  test("neither the state nor the outputs hold a secret", async () => {
    const reviewer = await kube.find<{ data: { token: string } }>(
      "/api/v1/namespaces/flux-system/secrets/vault-token-reviewer",
    );
    const jwt = Buffer.from(reviewer?.data.token ?? "", "base64").toString("utf8");
    expect(jwt.split(".")).toHaveLength(3);
    const plain = [await stack.exported(), JSON.stringify(await stack.outputs())].join("\n");
    for (const secret of [jwt, reviewer?.data.token ?? jwt, String(loop.env.VAULT_TOKEN)]) {
      expect(secret.length).toBeGreaterThan(20);
      expect(plain.includes(secret)).toBe(false);
    }
    // Nothing that looks like a token, whoever's: a JWT, or one of Vault's.
    expect(plain).not.toMatch(/eyJ[\w-]{10,}\.eyJ|hv[sb]\.[\w-]{20,}/);
  });

  test("a policy edited behind Pulumi's back shows as drift, and the next up mends it", async () => {
    const path = "sys/policies/acl/sops-flux-decrypt";
    const declared = await loop.vault.send<{ data: { policy: string } }>("GET", path);
    await loop.vault.send("PUT", path, { policy: 'path "transit/*" { capabilities = ["sudo"] }' });
    expect(changed(await stack.plan("--refresh"))).toContain("update sops-decrypt");
    await stack.up("--refresh");
    expect(await loop.vault.send("GET", path)).toMatchObject({ data: { policy: declared?.data.policy } });
  });

  test("the audit output says who can decrypt what", async () => {
    const { audit } = await stack.outputs();
    expect(audit).toMatchObject({
      vault: { address: loop.layout.vault.address, auditLog: loop.layout.vault.audit },
      key: {
        mount: "transit",
        name: "sops",
        type: "aes256-gcm96",
        latestVersion: 1,
        autoRotatePeriod: 7776000,
      },
      roles: [
        {
          name: "flux-system_kustomize-controller",
          serviceAccounts: ["kustomize-controller"],
          namespaces: ["flux-system"],
          audience: loop.layout.vault.address,
          ttlSeconds: 600,
          tokenType: "batch",
          policies: ["sops-flux-decrypt"],
        },
        { name: "flux-sops-role", audience: null, ttlSeconds: 86400, policies: ["flux-sops-policy"] },
      ],
      decryption: [{ kustomization: "apps", serviceAccount: "kustomize-controller", path: "./apps" }],
    });
  });

  test("the key turns: stale, rewrapped without a right to decrypt, applied by Flux, fresh", async () => {
    const { from, to, lines } = await loop.proveRotation(stack);
    expect({ from, to }).toEqual({ from: 1, to: 2 });
    expect(lines).toEqual([
      "the key went from version 1 to 2; sopsloop status: 1 of 1 files stale",
      expect.stringMatching(/^sopsloop rewrap, as sops-pipeline, which cannot decrypt: commit [0-9a-f]{10}$/),
      expect.stringMatching(/^Flux applied it .* after the rotation; sopsloop status: 1 of 1 fresh$/),
      "sopsloop retire --ref main: nothing needs versions below 2 any more",
    ]);
  });

  test("destroy refuses the protected key, says how to do it on purpose, and deletes nothing", async () => {
    const before = await stack.resources();
    const { code, stdout, stderr } = await stack.pulumi("destroy", "--yes");
    expect(code).not.toBe(0);
    expect(stdout + stderr).toMatch(/sops-key.*protect|protect.*sops-key/s);
    expect(await stack.resources()).toHaveLength(before.length);
    expect(await loop.vault.send("GET", "transit/keys/sops")).toBeDefined();
  });

  test("with protection taken off on purpose, everything goes", async () => {
    const { "sopsloop:vault": vault } = devConfig(loop.layout, { vault: { transit: { protect: false } } });
    stack.configure({ "sopsloop:vault": vault });
    await stack.up();
    await stack.succeed("destroy", "--yes");
    expect(await stack.resources()).toEqual([]);
    const mounts = await loop.vault.send<{ data: object }>("GET", "sys/mounts");
    const auths = await loop.vault.send<{ data: object }>("GET", "sys/auth");
    expect(Object.keys(mounts?.data ?? {})).not.toContain("transit/");
    expect(Object.keys(auths?.data ?? {})).not.toContain("kubernetes/");
    expect(await loop.vault.send("GET", "sys/policies/acl/sops-flux-decrypt")).toBeUndefined();
    expect(await kube.list("/apis/kustomize.toolkit.fluxcd.io/v1/kustomizations")).toEqual([]);
    expect(await kube.find("/api/v1/namespaces/flux-system/configmaps/sopsloop-vault")).toBeUndefined();
  });
});
