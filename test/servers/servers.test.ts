import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { insideSandbox } from "../../sandbox/person-environment";
import { identityOf, isRunning } from "../../sandbox/processes/process-identity";
import { DeployClone } from "../../sandbox/proof/deploy-clone";
import { HttpsJson } from "../../sandbox/servers/https-json";
import { KubeApi } from "../../sandbox/servers/kube-api";
import type { Sandbox } from "../../sandbox/servers/sandbox";
import { VaultApi } from "../../sandbox/servers/vault-api";
import { runningSandbox } from "./running-sandbox";

describe("the servers", () => {
  let sandbox: Sandbox;
  let close: () => Promise<void> = async () => undefined;

  beforeAll(async () => {
    ({ sandbox, close } = await runningSandbox());
  });
  afterAll(() => close());

  test("all run, each as a process of its own", () => {
    const ids = [...sandbox.processes.values()];
    expect([...sandbox.processes.keys()].sort()).toEqual([
      "azure",
      "cluster",
      "etcd",
      "git",
      "gitlab",
      "kube-apiserver",
      "kustomize-controller",
      "notification-controller",
      "source-controller",
      "vault",
    ]);
    expect(ids).not.toContain(undefined);
    expect(new Set(ids).size).toBe(ids.length);
  });

  test("a second start keeps every process", async () => {
    const before = [...sandbox.processes];
    await sandbox.start();
    expect([...sandbox.processes]).toEqual(before);
  });

  test("a start asks for a refresh until somebody confirms Flux's manifests", async () => {
    await sandbox.start();
    expect(sandbox.fluxApplied).toBe(true);
    await sandbox.confirmFlux();
    await sandbox.start();
    expect(sandbox.fluxApplied).toBe(false);
  });

  test("etcd speaks to nobody without a certificate of its own CA", async () => {
    const { etcd, kubernetes } = sandbox.layout;
    const status = async (certificate?: string, key?: string) => {
      const http = new HttpsJson({
        address: etcd.address,
        ca: readFileSync(etcd.ca, "utf8"),
        ...(certificate &&
          key && { cert: readFileSync(certificate, "utf8"), key: readFileSync(key, "utf8") }),
      });
      try {
        return (await http.send("GET", "/health")).status;
      } finally {
        http.close();
      }
    };
    expect(await status(etcd.clientCertificate, etcd.clientKey)).toBe(200);
    await expect(status()).rejects.toThrow(/certificate required/);
    await expect(status(kubernetes.adminCertificate, kubernetes.adminKey)).rejects.toThrow(/unknown ca/);
    await expect(fetch(`${etcd.address.replace("https", "http")}/health`)).rejects.toThrow("fetch failed");
  });

  test("what is secret can be read by its owner only", () => {
    const { vault, kubernetes, root } = sandbox.layout;
    for (const file of [
      vault.rootToken,
      vault.unsealKey,
      kubernetes.kubeconfig,
      kubernetes.adminKey,
      kubernetes.signingKey,
      sandbox.layout.etcd.clientKey,
    ]) {
      expect([file, statSync(file).mode & 0o777]).toEqual([file, 0o600]);
    }
    expect(statSync(root).mode & 0o777).toBe(0o700);
  });

  test("the issuer can be discovered without logging in, and nothing else can be read so", async () => {
    const { kubernetes } = sandbox.layout;
    const anonymous = new HttpsJson({ address: kubernetes.address, ca: readFileSync(kubernetes.ca, "utf8") });
    try {
      const { body } = await anonymous.send("GET", "/.well-known/openid-configuration");
      expect(body).toMatchObject({
        issuer: kubernetes.address,
        jwks_uri: `${kubernetes.address}/openid/v1/jwks`,
      });
      expect((await anonymous.send("GET", "/openid/v1/jwks")).body).toMatchObject({
        keys: [{ kty: "RSA", use: "sig" }],
      });
      expect((await anonymous.send("GET", "/api/v1/secrets")).status).toBe(403);
    } finally {
      anonymous.close();
    }
  });

  test("Vault has the Kubernetes auth method as an external plugin", async () => {
    const vault = VaultApi.root(sandbox.layout);
    try {
      await vault.send("POST", "sys/auth/probe", { type: "kubernetes" });
      const mounts = await vault.send<{ data: Record<string, { running_sha256?: string }> }>(
        "GET",
        "sys/auth",
      );
      expect(mounts?.data["probe/"]?.running_sha256).toMatch(/^[0-9a-f]{64}$/);
    } finally {
      await vault.send("DELETE", "sys/auth/probe");
      vault.close();
    }
  });

  test("git can be cloned and pushed to", async () => {
    const env = insideSandbox(sandbox.layout);
    const one = await DeployClone.of(sandbox.layout.git.url, env);
    const other = await DeployClone.of(sandbox.layout.git.url, env);
    try {
      one.write("apps/large.bin", "0123456789abcdef".repeat(200_000));
      const commit = await one.push("More than one buffer of git's");
      expect(commit).toMatch(/^[0-9a-f]{40}$/);
      expect(existsSync(`${other.folder}/apps/large.bin`)).toBe(false);
      const third = await DeployClone.of(sandbox.layout.git.url, env);
      expect(third.read("apps/large.bin")).toHaveLength(3_200_000);
      third.close();
    } finally {
      one.close();
      other.close();
    }
  });

  test("Flux is installed as its CLI would have it", async () => {
    const api = KubeApi.admin(sandbox.layout);
    try {
      const deployment = await api.find<{
        metadata: { managedFields: { manager: string }[] };
        spec: {
          template: { spec: { serviceAccountName: string; containers: { image: string; args: string[] }[] } };
        };
      }>("/apis/apps/v1/namespaces/flux-system/deployments/kustomize-controller");
      expect(deployment?.metadata.managedFields.map(({ manager }) => manager)).toContain("flux");
      expect(deployment?.spec.template.spec.serviceAccountName).toBe("kustomize-controller");
      expect(deployment?.spec.template.spec.containers[0]).toMatchObject({
        image: "ghcr.io/fluxcd/kustomize-controller:v1.9.5",
        args: [
          "--events-addr=http://notification-controller.flux-system.svc.cluster.local./",
          "--watch-all-namespaces",
          "--log-level=info",
          "--log-encoding=json",
          "--enable-leader-election",
        ],
      });
      const policies = await api.list("/apis/networking.k8s.io/v1/namespaces/flux-system/networkpolicies");
      expect(policies.map(({ metadata }) => metadata.name)).toEqual([
        "allow-egress",
        "allow-scraping",
        "allow-webhooks",
      ]);
    } finally {
      api.close();
    }
  });

  test("stopped and started again, Vault unseals and has kept what it had", async () => {
    const before = VaultApi.root(sandbox.layout);
    await before.send("POST", "sys/mounts/kept", { type: "transit" });
    before.close();
    const identities = [...sandbox.processes.values()].map((pid) => identityOf(pid ?? 0));
    await sandbox.stop();
    expect([...sandbox.processes.values()]).toEqual(identities.map(() => undefined));
    expect(identities.map((identity) => identity && isRunning(identity))).toEqual(
      identities.map(() => false),
    );

    await sandbox.start();
    const after = VaultApi.root(sandbox.layout);
    try {
      expect(await after.health()).toBe(200);
      const mounts = await after.send<{ data: Record<string, unknown> }>("GET", "sys/mounts");
      expect(Object.keys(mounts?.data ?? {})).toContain("kept/");
    } finally {
      after.close();
    }
  });

  test("a Vault whose keys were never written down is told", async () => {
    const { rootToken, folder } = sandbox.layout.vault;
    const token = readFileSync(rootToken);
    rmSync(rootToken);
    try {
      await expect(sandbox.vault.start()).rejects.toThrow(
        `Vault is initialised, but ${rootToken} is not there: its first start was interrupted; run \`make down\`, remove ${folder} and run \`make up\``,
      );
    } finally {
      writeFileSync(rootToken, token, { mode: 0o600 });
    }
  });

  test("a deploy repository that was deleted is begun anew", async () => {
    await sandbox.git.stop();
    const { repository } = sandbox.layout.git;
    rmSync(repository, { recursive: true, force: true });
    await sandbox.git.start();
    expect(existsSync(repository)).toBe(true);
  });
});
