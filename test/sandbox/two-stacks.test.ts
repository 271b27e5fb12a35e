import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { untilDelivered } from "../../sandbox/proof/delivered";
import { DeployClone } from "../../sandbox/proof/deploy-clone";
import { secretManifest } from "../../sandbox/proof/proof-secret";
import { Sopsloop } from "../../sandbox/proof/sopsloop";
import { AZURE } from "../../sandbox/servers/azure-server";
import { KubeApi } from "../../sandbox/servers/kube-api";
import { devConfig, withAzure, withGitLab } from "./support/dev-config";
import { Loop } from "./support/loop";
import type { Stack } from "./support/stack";

type Section = Readonly<Record<string, unknown>>;

let loop: Loop;
let kube: KubeApi;
let dev: Stack;
let two: Stack;

/** A second environment beside the first: one Vault, one cluster with one Flux, one GitLab, one subscription. */
function secondConfig(): Section {
  const { layout } = loop;
  const base = devConfig(layout);
  const gitlab = withGitLab(layout)["sopsloop:gitlab"] as Section;
  const { relay: _, flux: __, ...azure } = withAzure(layout)["sopsloop:azure"] as Section;
  const { audit: ___, ...vault } = base["sopsloop:vault"] as Section;
  return {
    ...base,
    "sopsloop:vault": { ...vault, transit: { mount: "transit-two", protect: false } },
    "sopsloop:flux": {
      version: "2.9",
      installation: "shared",
      decryptors: { apps: { namespace: "apps-two", serviceAccount: "sops", createNamespace: true } },
      source: { name: "deploy-two", url: layout.git.second.url },
      kustomizations: { "apps-two": { path: "./apps", decryptor: "apps" } },
    },
    "sopsloop:gitlab": {
      ...gitlab,
      project: "platform/deploy-two",
      authMount: "gitlab-two",
      app: { project: "platform/app", environment: "two", into: "apps/app", namespace: "apps-two" },
    },
    "sopsloop:azure": {
      ...azure,
      resourceGroup: AZURE.resourceGroups[1],
      name: "sops-two",
      tags: { environment: "two", owner: "platform" },
      vaults: { weu: { name: "kv-sops-two" } },
      key: { protect: false },
      diagnostics: undefined,
      flux: { issuer: layout.kubernetes.address },
    },
  };
}

beforeAll(async () => {
  loop = await Loop.start({ azure: true });
  kube = KubeApi.admin(loop.layout);
  const { layout } = loop;
  dev = await loop.stack("dev", { ...devConfig(layout), ...withGitLab(layout), ...withAzure(layout) });
  await dev.up();
  two = await loop.stack("two", secondConfig());
  await two.up();
});
afterAll(async () => {
  kube?.close();
  await loop?.stop();
});

/** Pushes a new secret, encrypted by the stack's own keys, and waits until the cluster has it. */
async function deliver(stack: Stack, url: string, namespace: string): Promise<string> {
  const password = randomBytes(24).toString("base64url");
  const secret = { namespace, name: "proof" };
  const clone = await DeployClone.of(url, loop.env);
  try {
    clone.write(".sops.yaml", String((await stack.outputs()).sopsConfig));
    clone.write("apps/proof.sops.yaml", secretManifest(secret, password));
    await clone.encrypt("apps/proof.sops.yaml");
    const commit = await clone.push("A secret");
    await untilDelivered(kube, { repository: url, commit, secret, password });
    return clone.read("apps/proof.sops.yaml");
  } finally {
    clone.close();
  }
}

const changed = async (stack: Stack) =>
  (await stack.plan("--refresh")).filter(({ op }) => !["same", "read", "refresh"].includes(op));

describe("two environments beside each other", () => {
  test("neither has changed anything of the other's", async () => {
    expect(await changed(dev)).toEqual([]);
    expect(await changed(two)).toEqual([]);
  });

  test("one Flux delivers each one's secrets, by keys of its own", async () => {
    const { git } = loop.layout;
    const first = await deliver(dev, git.url, "default");
    const second = await deliver(two, git.second.url, "apps-two");
    expect(first).toContain("kv-sops-dev.vault.azure.net");
    expect(first).toContain("engine_path: transit\n");
    expect(second).toContain("kv-sops-two.vault.azure.net");
    expect(second).toContain("engine_path: transit-two\n");
    for (const text of [first, second]) {
      expect(text.match(/vault_url: /g)).toHaveLength(1);
      expect(text.match(/engine_path: /g)).toHaveLength(1);
    }
  });

  test("the first one's decryptor is refused by the second one's key, and the other way round", async () => {
    const audience = (await dev.outputs()).vaultAddress as string;
    const login = async (namespace: string, account: string) => {
      const path = `/api/v1/namespaces/${namespace}/serviceaccounts/${account}/token`;
      const { status } = await kube.create<{ status: { token: string } }>(path, {
        apiVersion: "authentication.k8s.io/v1",
        kind: "TokenRequest",
        spec: { audiences: [audience], expirationSeconds: 600 },
      });
      const role = `${namespace}_${account}`;
      const answer = await loop.vault.send<{ auth: { client_token: string } }>(
        "POST",
        "auth/kubernetes/login",
        {
          role,
          jwt: status.token,
        },
      );
      return answer?.auth.client_token ?? "";
    };
    const refused = async (token: string, mount: string) => {
      const { code, stderr } = await loop.as(
        { VAULT_TOKEN: token },
        "vault",
        "write",
        `${mount}/decrypt/sops`,
        "ciphertext=vault:v1:AAAA",
      );
      expect(code).not.toBe(0);
      return /permission denied/.test(stderr);
    };
    const [ofDev, ofTwo] = [
      await login("flux-system", "kustomize-controller"),
      await login("apps-two", "sops"),
    ];
    // Its own key answers, if only that this is no ciphertext.
    expect(await refused(ofDev, "transit")).toBe(false);
    expect(await refused(ofDev, "transit-two")).toBe(true);
    expect(await refused(ofTwo, "transit-two")).toBe(false);
    expect(await refused(ofTwo, "transit")).toBe(true);
  });

  test("a rotation of one makes nothing stale in the other", async () => {
    await loop.vault.send("POST", "transit/keys/sops/rotate", {});
    const { git } = loop.layout;
    for (const [url, code, stale] of [
      [git.url, 1, 1],
      [git.second.url, 0, 0],
    ] as const) {
      const clone = await DeployClone.of(url, loop.env);
      try {
        const { summary } = await new Sopsloop(clone.folder, loop.env).status(code);
        expect(summary).toMatchObject({ files: 1, stale });
      } finally {
        clone.close();
      }
    }
  });

  test("the second goes, and the first is as it was", async () => {
    await two.succeed("destroy", "--yes");
    expect(await two.resources()).toEqual([]);
    expect(await changed(dev)).toEqual([]);
    await deliver(dev, loop.layout.git.url, "default");
  });
});
