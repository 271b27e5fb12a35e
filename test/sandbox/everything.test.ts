import { afterAll, beforeAll, expect, test } from "vitest";
import { run } from "../../sandbox/processes/run";
import { until } from "../../sandbox/processes/until";
import { AuditLog } from "../../sandbox/proof/audit-log";
import { DeployClone } from "../../sandbox/proof/deploy-clone";
import { FluxState } from "../../sandbox/proof/flux-state";
import { KubeApi } from "../../sandbox/servers/kube-api";
import { devConfig } from "./support/dev-config";
import { Loop } from "./support/loop";
import type { Stack } from "./support/stack";

const NAMESPACED = "/apis/networking.k8s.io/v1/namespaces/flux-system/networkpolicies";
const peer = (port: number) => ({ cidr: "127.0.0.1/32", port });
const decryptors = {
  default: { namespace: "flux-system", serviceAccount: "kustomize-controller" },
  team: { namespace: "team", serviceAccount: "sops", createNamespace: true },
};
const WEBHOOK = "https://hooks.example.com/services/T000/B000/not-a-real-hook";

let loop: Loop;
let stack: Stack;
let kube: KubeApi;
let age: { recipient: string; identity: string };

beforeAll(async () => {
  loop = await Loop.start();
  kube = KubeApi.admin(loop.layout);
  const identity = await run("age-keygen", [], { env: loop.env });
  age = {
    recipient: /age1\w+/.exec(identity)?.[0] ?? "",
    identity: /AGE-SECRET-KEY-\w+/.exec(identity)?.[0] ?? "",
  };
  stack = await loop.stack("everything", {
    ...devConfig(loop.layout, {
      flux: {
        decryptors,
        kustomizations: {
          apps: { path: "./apps", decryptor: "default" },
          team: { path: "./team", decryptor: "team" },
        },
        networkPolicies: {
          apiServer: peer(6443),
          vault: peer(8200),
          git: peer(443),
          allow: { kustomizeController: [peer(443)], sourceController: [peer(22), peer(443)] },
          webhooks: true,
        },
        alerts: { type: "slack", channel: "ops" },
      },
    }),
    "sopsloop:age": { recipients: [age.recipient] },
  });
  await stack.succeed("config", "set", "--secret", "sopsloop:alertAddress", WEBHOOK);
  await stack.up();
});
afterAll(async () => {
  kube?.close();
  await loop?.stop();
});

test("every option at once: up and refresh again, no changes", async () => {
  await stack.up("--expect-no-changes");
  await stack.succeed("refresh", "--yes", "--skip-preview", "--expect-no-changes");
});

test("each Kustomization decrypts as its own account, with its own role", async () => {
  const audit = AuditLog.fromNow(loop.layout.vault.audit);
  await loop.sandbox.cluster.ready();
  const clone = await DeployClone.of(loop.layout.git.url, loop.env);
  try {
    clone.write(".sops.yaml", String((await stack.outputs()).sopsConfig));
    for (const [folder, namespace] of [
      ["apps", "default"],
      ["team", "team"],
    ]) {
      const file = `${folder}/one.sops.yaml`;
      clone.write(
        file,
        `apiVersion: v1\nkind: Secret\nmetadata: {name: one, namespace: ${namespace}}\nstringData: {of: ${folder}}\n`,
      );
      await clone.encrypt(file);
    }
    // Break-glass: the age identity alone opens the file, Vault or no Vault.
    const env = { ...loop.env, SOPS_AGE_KEY: age.identity, VAULT_TOKEN: "none" };
    const opened = await run("sops", ["decrypt", "team/one.sops.yaml"], { cwd: clone.folder, env });
    expect(opened).toContain("of: team");

    const commit = await clone.push("One secret for each");
    const flux = new FluxState(kube, loop.layout.git.url);
    await flux.fetchNow();
    const hint = () => flux.explain();
    await until(async () => (await flux.hasFetched(commit)) || undefined, {
      what: "the fetch",
      timeoutMs: 60_000,
      hint,
    });
    await flux.applyNow();
    await until(async () => (await flux.hasApplied(commit)) || undefined, {
      what: "the apply",
      timeoutMs: 60_000,
      hint,
    });
  } finally {
    clone.close();
  }
  for (const [namespace, value] of [
    ["default", "apps"],
    ["team", "team"],
  ]) {
    const secret = await kube.find<{ data: { of: string } }>(`/api/v1/namespaces/${namespace}/secrets/one`);
    expect(Buffer.from(secret?.data.of ?? "", "base64").toString()).toBe(value);
  }
  const roles = new Set(audit.logins().map(({ role }) => role));
  expect([...roles].sort()).toEqual(["flux-system_kustomize-controller", "team_sops"]);
});

test("nothing but the declared traffic is allowed in Flux's namespace, and the stock policy is out of the way", async () => {
  const policies = await kube.list<{ metadata: { name: string }; spec: { podSelector: object } }>(NAMESPACED);
  const all = new Map(policies.map(({ metadata, spec }) => [metadata.name, spec]));
  expect([...all.keys()].filter((name) => name.startsWith("sopsloop-")).sort()).toEqual([
    "sopsloop-alerts",
    "sopsloop-allow-kustomize-controller",
    "sopsloop-allow-source-controller",
    "sopsloop-api-server",
    "sopsloop-default-deny",
    "sopsloop-dns",
    "sopsloop-git",
    "sopsloop-internal",
    "sopsloop-receiver",
    "sopsloop-vault",
  ]);
  expect(all.get("sopsloop-default-deny")).toEqual({ podSelector: {}, policyTypes: ["Ingress", "Egress"] });
  expect(all.get("allow-egress")?.podSelector).toEqual({ matchLabels: { "sopsloop/superseded": "true" } });
});

test("the webhook's address is in the cluster's Secret and nowhere in clear", async () => {
  expect(await stack.exported()).not.toContain(WEBHOOK);
  expect(JSON.stringify(await stack.outputs())).not.toContain(WEBHOOK);
  const providers = await kube.list<{ metadata: { namespace: string; name: string } }>(
    "/apis/notification.toolkit.fluxcd.io/v1beta3/providers",
  );
  expect(providers.map(({ metadata }) => metadata.namespace)).toEqual(["flux-system"]);
  const alerts = await kube.list<{ spec: { eventSources: { namespace: string }[] } }>(
    "/apis/notification.toolkit.fluxcd.io/v1beta3/alerts",
  );
  const watched = alerts.flatMap(({ spec }) => spec.eventSources.map(({ namespace }) => namespace));
  expect([...new Set(watched)].sort()).toEqual(["flux-system", "team"]);
});
