import { readdirSync, readFileSync } from "node:fs";
import type { V1Deployment } from "@kubernetes/client-node";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { until } from "../../sandbox/processes/until";
import { HttpsJson } from "../../sandbox/servers/https-json";
import { KubeApi, type KubeObject } from "../../sandbox/servers/kube-api";
import type { Sandbox } from "../../sandbox/servers/sandbox";
import { runningSandbox } from "./running-sandbox";

const FLUX = "/api/v1/namespaces/flux-system";
const DEPLOYMENT = "/apis/apps/v1/namespaces/flux-system/deployments/kustomize-controller";
const LIMITS = { timeoutMs: 30_000 };

interface Secret extends KubeObject {
  readonly data?: Readonly<Record<string, string>>;
}

describe("the parts of a cluster beside its API server", () => {
  let sandbox: Sandbox;
  let api: KubeApi;
  let close: () => Promise<void> = async () => undefined;

  beforeAll(async () => {
    ({ sandbox, close } = await runningSandbox());
    api = KubeApi.admin(sandbox.layout);
  });
  afterAll(async () => {
    api?.close();
    await close();
  });

  const text = (secret: Secret | undefined, key: string) =>
    Buffer.from(secret?.data?.[key] ?? "", "base64").toString("utf8");

  const review = (token: string) =>
    api.create<{ status: { authenticated?: boolean; user?: { username?: string; groups?: string[] } } }>(
      "/apis/authentication.k8s.io/v1/tokenreviews",
      { apiVersion: "authentication.k8s.io/v1", kind: "TokenReview", spec: { token } },
    );

  async function tokenSecret(account: string): Promise<Secret> {
    const name = `${account}-token`;
    await api.create(`${FLUX}/serviceaccounts`, { metadata: { name: account } });
    await api.create(`${FLUX}/secrets`, {
      metadata: { name, annotations: { "kubernetes.io/service-account.name": account } },
      type: "kubernetes.io/service-account-token",
    });
    const filled = async () => {
      const secret = await api.find<Secret>(`${FLUX}/secrets/${name}`);
      return secret?.data?.token ? secret : undefined;
    };
    return until(filled, { ...LIMITS, what: "the token" });
  }

  test("a token Secret is filled with a token that the API server accepts", async () => {
    const secret = await tokenSecret("reviewer");
    expect(text(secret, "namespace")).toBe("flux-system");
    expect(text(secret, "ca.crt")).toBe(readFileSync(sandbox.layout.kubernetes.ca, "utf8"));
    expect((await review(text(secret, "token"))).status).toMatchObject({
      authenticated: true,
      user: { username: "system:serviceaccount:flux-system:reviewer" },
    });
  });

  test("when its account goes, the token is worth nothing and the Secret goes too", async () => {
    const secret = await tokenSecret("leaver");
    await api.delete(`${FLUX}/serviceaccounts/leaver`);
    const gone = async () => ((await api.find(`${FLUX}/secrets/leaver-token`)) ? undefined : true);
    await until(gone, { ...LIMITS, what: "the Secret to go" });
    expect((await review(text(secret, "token"))).status.authenticated).toBeUndefined();
  });

  test("a token with a forged signature is refused", async () => {
    const secret = await tokenSecret("forged");
    const [head, , signature] = text(secret, "token").split(".");
    const claims = { iss: "kubernetes/serviceaccount", sub: "system:serviceaccount:kube-system:default" };
    const forged = [head, Buffer.from(JSON.stringify(claims)).toString("base64url"), signature].join(".");
    expect((await review(forged)).status.authenticated).toBeUndefined();
  });

  test("a new namespace gets its defaults, and is let go empty", async () => {
    await api.create("/api/v1/namespaces", { metadata: { name: "passing" } });
    const defaults = async () =>
      (await api.find("/api/v1/namespaces/passing/serviceaccounts/default")) &&
      (await api.find<{ data: Record<string, string> }>(
        "/api/v1/namespaces/passing/configmaps/kube-root-ca.crt",
      ));
    const root = await until(defaults, { ...LIMITS, what: "the defaults" });
    expect(root.data["ca.crt"]).toBe(readFileSync(sandbox.layout.kubernetes.ca, "utf8"));

    await api.create("/api/v1/namespaces/passing/configmaps", {
      metadata: { name: "held", finalizers: ["sopsloop.invalid/hold"] },
    });
    await api.delete("/api/v1/namespaces/passing");
    const onlyHeld = async () => {
      const left = await api.list("/api/v1/namespaces/passing/configmaps");
      return left.length === 1 && left[0]?.metadata.deletionTimestamp ? true : undefined;
    };
    await until(onlyHeld, { ...LIMITS, what: "everything but the held object to go" });
    expect(await api.find("/api/v1/namespaces/passing")).toBeDefined();
    await api.merge("/api/v1/namespaces/passing/configmaps/held", { metadata: { finalizers: null } });
    const gone = async () => ((await api.find("/api/v1/namespaces/passing")) ? undefined : true);
    await until(gone, { ...LIMITS, what: "the namespace to go" });
  });

  test("a controller is its own service account, with no more rights than that has", async () => {
    const { kubernetes } = sandbox.layout;
    const kubeconfig = parse(
      readFileSync(`${kubernetes.pods}/flux-system/source-controller/kubeconfig`, "utf8"),
    ) as { users: [{ user: { tokenFile: string } }] };
    const token = readFileSync(kubeconfig.users[0].user.tokenFile, "utf8");
    expect((await review(token)).status.user?.username).toBe(
      "system:serviceaccount:flux-system:source-controller",
    );
    const asController = new HttpsJson({
      address: kubernetes.address,
      ca: readFileSync(kubernetes.ca, "utf8"),
    });
    try {
      const headers = { authorization: `Bearer ${token}` };
      expect((await asController.send("GET", "/api/v1/secrets", { headers })).status).toBe(200);
      expect((await asController.send("GET", "/api/v1/nodes", { headers })).status).toBe(403);
    } finally {
      asController.close();
    }
  });

  test("a patched Deployment restarts the controller with what the patch says", async () => {
    const before = sandbox.cluster.controllers;
    const patch = (args: string[]) =>
      api.merge(DEPLOYMENT, {
        spec: {
          template: {
            spec: {
              containers: [
                {
                  name: "manager",
                  image: "ghcr.io/fluxcd/kustomize-controller:v1.9.5",
                  args,
                  env: [
                    {
                      name: "RUNTIME_NAMESPACE",
                      valueFrom: { fieldRef: { fieldPath: "metadata.namespace" } },
                    },
                    { name: "VAULT_CACERT", value: "/etc/vault-ca/ca.pem" },
                  ],
                  volumeMounts: [{ name: "vault-ca", mountPath: "/etc/vault-ca" }],
                },
              ],
              volumes: [{ name: "vault-ca", configMap: { name: "late" } }],
            },
          },
        },
      });
    await patch(["--watch-all-namespaces", "--enable-leader-election", "--sops-vault-configmap=vaults"]);
    const waits = async () => {
      const deployment = await api.find<{ status?: { conditions?: { message?: string }[] } }>(DEPLOYMENT);
      const message = deployment?.status?.conditions?.[0]?.message;
      return message?.includes("late") ? message : undefined;
    };
    expect(await until(waits, { ...LIMITS, what: "the pod to wait" })).toBe(
      "configmap flux-system/late does not exist",
    );

    await api.create(`${FLUX}/configmaps`, { metadata: { name: "late" }, data: { "ca.pem": "CA" } });
    await sandbox.cluster.ready();
    const pid = sandbox.cluster.controllers.get("kustomize-controller");
    expect(pid).not.toBe(before.get("kustomize-controller"));
    expect(sandbox.cluster.controllers.get("source-controller")).toBe(before.get("source-controller"));

    const args = readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0").slice(1, -1);
    expect(args).toContain("--sops-vault-configmap=vaults");
    expect(args).not.toContain("--enable-leader-election");
    const environment = readFileSync(`/proc/${pid}/environ`, "utf8").split("\0");
    const ca =
      environment.find((line) => line.startsWith("VAULT_CACERT="))?.slice("VAULT_CACERT=".length) ?? "";
    expect(readFileSync(ca, "utf8")).toBe("CA");
    expect(environment).toContain("RUNTIME_NAMESPACE=flux-system");
    expect(environment.filter((line) => line.startsWith("VAULT_TOKEN="))).toEqual([]);
  });

  test("a Deployment cannot lead its process to the host, nor can another one be run", async () => {
    const path = "/apis/apps/v1/namespaces/flux-system/deployments/source-controller";
    const stock = await api.find<V1Deployment>(path);
    const [container] = stock?.spec?.template.spec?.containers ?? [];
    const say = (env: object[], args: string[]) =>
      api.merge(path, { spec: { template: { spec: { containers: [{ ...container, env, args }] } } } });
    const status = async () => (await api.find<V1Deployment>(path))?.status?.conditions?.[0]?.message ?? "";
    const says = (message: string) =>
      until(async () => ((await status()) === message ? true : undefined), { ...LIMITS, what: message });
    const { env = [], args = [] } = container ?? {};
    await say([...env, { name: "GIT_SSH_COMMAND", value: "id" }], args);
    await says("the sandbox does not take the variable GIT_SSH_COMMAND: it may reach programs of the host");
    await say(env, [...args, "--insecure-kubeconfig-exec"]);
    await says("the sandbox does not take --insecure-kubeconfig-exec");

    await say([...env, { name: "PATH", value: "/elsewhere" }, { name: "HOME", value: "/" }], args);
    await api.create("/apis/apps/v1/namespaces/default/deployments", {
      ...stock,
      metadata: { name: "source-controller", namespace: "default" },
      status: undefined,
    });
    await sandbox.cluster.ready();
    const pid = sandbox.cluster.controllers.get("source-controller");
    const environment = readFileSync(`/proc/${pid}/environ`, "utf8").split("\0");
    expect(environment).toContain(`HOME=${sandbox.layout.kubernetes.pods}/flux-system/source-controller`);
    expect(environment).not.toContain("PATH=/elsewhere");
    expect(readdirSync(sandbox.layout.kubernetes.pods)).toEqual(["flux-system"]);
    await api.delete("/apis/apps/v1/namespaces/default/deployments/source-controller");
  });

  test("a controller that dies is started again", async () => {
    const pid = sandbox.cluster.controllers.get("source-controller") ?? 0;
    process.kill(pid, "SIGKILL");
    const again = async () => {
      const now = sandbox.cluster.controllers.get("source-controller");
      return now !== undefined && now !== pid ? true : undefined;
    };
    await until(again, { ...LIMITS, what: "another source-controller" });
    await sandbox.cluster.ready();
  });
});
