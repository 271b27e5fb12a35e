import * as pulumi from "@pulumi/pulumi";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { accountPatch, deploymentSpec, kustomizePatches } from "../../../components/flux/controller-patch";
import { FluxDecryption, type FluxDecryptionArgs } from "../../../components/flux/flux-decryption";
import { FluxDelivery } from "../../../components/flux/flux-delivery";
import { networkRules } from "../../../components/flux/network-rules";
import { childrenOf, outputsOf } from "../harness";

const patch = {
  namespace: "flux-system",
  version: { major: 2, minor: 9 },
  vaultConfigMap: "sopsloop-vault",
  address: "https://vault.example.com:8200",
};
const identity = { clientId: "the-client", tenantId: "the-tenant" };
const decryptors = {
  default: { namespace: "flux-system", serviceAccount: "kustomize-controller", createNamespace: false },
  apps: { namespace: "apps", serviceAccount: "sops", createNamespace: false },
};
const args: FluxDecryptionArgs = {
  namespace: "flux-system",
  version: { major: 2, minor: 10 },
  installation: "cli",
  address: "https://vault.example.com:8200",
  loginPath: "auth/kubernetes/login",
  decryptors,
  azure: {
    accounts: {
      default: { ...identity, clientId: pulumi.output("the-controller") },
      apps: { ...identity, clientId: pulumi.output("the-app") },
    },
  },
};

describe("service accounts", () => {
  const accounts = (lines: readonly string[]) =>
    lines.filter((line) => line.includes("core/v1:ServiceAccount"));

  test("say who they are in Azure, the controller's own by a patch", async () => {
    expect(accounts(await childrenOf(() => new FluxDecryption("flux", args)))).toMatchInlineSnapshot(`
      [
        "kubernetes:core/v1:ServiceAccount flux-account-apps_sops {"apiVersion":"v1","automountServiceAccountToken":false,"kind":"ServiceAccount","metadata":{"annotations":{"azure.workload.identity/client-id":"the-app","azure.workload.identity/tenant-id":"the-tenant"},"name":"sops","namespace":"apps"}}",
        "kubernetes:core/v1:ServiceAccountPatch flux-controller-account {"apiVersion":"v1","kind":"ServiceAccount","metadata":{"annotations":{"azure.workload.identity/client-id":"the-controller","azure.workload.identity/tenant-id":"the-tenant","pulumi.com/patchForce":"true"},"name":"kustomize-controller","namespace":"flux-system"}}",
      ]
    `);
  });

  test("the controller's own belongs to whoever installed Flux: then the patch is told", async () => {
    const make = () => new FluxDecryption("flux", { ...args, installation: "operator" });
    expect(accounts(await childrenOf(make))).toHaveLength(1);
    const { patches } = (await outputsOf(make)) as { patches: { target: object; patch: string }[] };
    expect(patches).toHaveLength(2);
    expect(patches[1]).toEqual(
      accountPatch({
        "azure.workload.identity/client-id": "the-controller",
        "azure.workload.identity/tenant-id": "the-tenant",
      }),
    );
  });

  test("a preview, which knows no client id, makes the same", async () => {
    const names = (lines: readonly string[]) => lines.map((line) => line.split(" ").slice(0, 2).join(" "));
    const make = () => new FluxDecryption("flux", args);
    expect(names(await childrenOf(make, { preview: true }))).toEqual(names(await childrenOf(make)));
  });
});

describe("the controller's own tokens", () => {
  const webhook = { ...patch, azure: { tokens: "webhook" as const, ...identity } };
  const projected = { ...patch, azure: { tokens: "projected" as const, ...identity } };

  test("from AKS's webhook: a label that it looks for, and another pod for another identity", () => {
    const { template } = deploymentSpec(webhook);
    expect(template.metadata).toEqual({
      labels: { "azure.workload.identity/use": "true" },
      annotations: { "sopsloop/azure-client-id": "the-client" },
    });
    expect(template.spec).toEqual(deploymentSpec(patch).template.spec);
  });

  test("from a volume: the token, and the four variables without which Azure's library leaves it", () => {
    const { template } = deploymentSpec(projected);
    const [container] = template.spec.containers;
    expect(template).not.toHaveProperty("metadata");
    expect({
      ...template.spec,
      containers: undefined,
      mounts: container?.volumeMounts,
      env: container?.env,
    }).toMatchInlineSnapshot(`
      {
        "containers": undefined,
        "env": [
          {
            "name": "SOPS_HC_VAULT_ALLOWLIST",
            "value": "https://vault.example.com:8200/",
          },
          {
            "name": "AZURE_CLIENT_ID",
            "value": "the-client",
          },
          {
            "name": "AZURE_TENANT_ID",
            "value": "the-tenant",
          },
          {
            "name": "AZURE_AUTHORITY_HOST",
            "value": "https://login.microsoftonline.com/",
          },
          {
            "name": "AZURE_FEDERATED_TOKEN_FILE",
            "value": "/var/run/service-account/azure-token",
          },
        ],
        "mounts": [
          {
            "mountPath": "/var/run/service-account",
            "name": "azure-token",
            "readOnly": true,
          },
        ],
        "volumes": [
          {
            "name": "azure-token",
            "projected": {
              "sources": [
                {
                  "serviceAccountToken": {
                    "audience": "api://AzureADTokenExchange",
                    "expirationSeconds": 3600,
                    "path": "azure-token",
                  },
                },
              ],
            },
          },
        ],
      }
    `);
  });

  test("as patches of whoever owns the Deployment", () => {
    const [, labels] = kustomizePatches(webhook);
    expect(labels?.target).toEqual({ kind: "Deployment", name: "kustomize-controller" });
    expect(parse(labels?.patch ?? "")).toEqual({
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: { name: "kustomize-controller" },
      spec: { template: { metadata: deploymentSpec(webhook).template.metadata } },
    });
    const [operations, ...none] = kustomizePatches(projected);
    expect(none).toEqual([]);
    expect(operations?.patch).toContain("AZURE_FEDERATED_TOKEN_FILE");
    expect(operations?.patch).toContain("path: /spec/template/spec/volumes/-");
  });

  test("are in the controller's patch once its client id is known", async () => {
    const azure = {
      ...args.azure,
      controllerTokens: "webhook" as const,
      accounts: args.azure?.accounts ?? {},
    };
    const [line] = await childrenOf(() => new FluxDecryption("flux", { ...args, azure }));
    expect(line).toContain('"sopsloop/azure-client-id":"the-controller"');
  });

  test("are not asked for: its Kustomizations do not name its account, and others still do", async () => {
    const kustomization = {
      path: "./apps",
      interval: "10m",
      prune: true,
      wait: true,
      timeout: "3m",
      targetNamespace: undefined,
    };
    const lines = await childrenOf(
      () =>
        new FluxDelivery("deploy", {
          namespace: "flux-system",
          source: {
            name: "deploy",
            url: "https://git.example.com/deploy.git",
            branch: "main",
            interval: "1m",
          },
          decryptors,
          kustomizations: {
            infra: { ...kustomization, decryptor: "default" },
            apps: { ...kustomization, decryptor: "apps" },
          },
          controllerHasToken: true,
        }),
    );
    const decryption = (name: string) =>
      /"decryption":(\{[^}]*\})/.exec(lines.find((line) => line.includes(name)) ?? "")?.[1];
    expect(decryption("deploy-kustomization-infra")).toBe('{"provider":"sops"}');
    expect(decryption("deploy-kustomization-apps")).toBe('{"provider":"sops","serviceAccountName":"sops"}');
  });
});

test("with Azure, the controller that decrypts may speak HTTPS to anybody: Azure's addresses change", () => {
  const peer = { cidr: "10.0.0.1/32", port: 443 };
  const rules = networkRules({ apiServer: peer, vault: peer, git: peer, azure: true });
  expect(rules).toMatchObject({
    azure: {
      podSelector: { matchLabels: { app: "kustomize-controller" } },
      policyTypes: ["Egress"],
      egress: [{ to: [{ ipBlock: { cidr: "0.0.0.0/0" } }], ports: [{ protocol: "TCP", port: 443 }] }],
    },
  });
  expect(networkRules({ apiServer: peer, vault: peer, git: peer })).not.toHaveProperty("azure");
});
