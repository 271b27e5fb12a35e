import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { azureConfig } from "./azure/sample";
import { CERTIFICATE, sampleConfig, sampleWith } from "./config/sample";
import { gitlabConfig, PROJECTS } from "./gitlab/sample";
import { runProgram } from "./program";

const GOLDEN = join(__dirname, "golden", "urns.json");

const endpoint = { cidr: "10.0.0.1/32", port: 443 };
/** Everything switched on that can be on at once. */
const full = {
  vault: {
    address: "https://vault.example.com:8200",
    ca: { pem: CERTIFICATE },
    auth: { method: "kubernetes", reviewer: { mode: "token" } },
    audit: { path: "/var/log/vault/audit.log" },
  },
  kubernetes: { host: "https://10.0.0.1:6443", context: "prod" },
  flux: {
    version: "2.9",
    decryptors: {
      default: { namespace: "flux-system", serviceAccount: "kustomize-controller" },
      apps: { namespace: "apps", serviceAccount: "sops", createNamespace: true },
    },
    source: { url: "https://git.example.com/team/deploy.git" },
    kustomizations: {
      infra: { path: "./infra", decryptor: "default" },
      apps: { path: "./apps", decryptor: "apps" },
    },
    networkPolicies: { apiServer: endpoint, vault: endpoint, git: endpoint },
    alerts: { type: "slack", channel: "alerts" },
  },
  alertAddress: "https://hooks.example.com/the-webhook",
};
const jwt = {
  ...sampleConfig(),
  vault: {
    address: "https://vault.example.com:8200",
    auth: { method: "jwt", keys: { discovery: "https://issuer.example.com" } },
  },
};
const CONFIGS = { minimal: sampleConfig(), full, jwt, gitlab: gitlabConfig(), azure: azureConfig() };

beforeEach(() => {
  vi.unstubAllEnvs();
});

test("the URNs of every kind of stack are as accepted (UPDATE_GOLDEN=1 accepts a change)", async () => {
  const urns: Record<string, string[]> = {};
  for (const [name, config] of Object.entries(CONFIGS)) {
    const { children } = await runProgram(config, { gitlab: PROJECTS });
    urns[name] = children.map(({ urn }) => urn).filter((urn) => !urn.endsWith("::outputs"));
  }
  if (process.env.UPDATE_GOLDEN === "1") writeFileSync(GOLDEN, `${JSON.stringify(urns, null, 2)}\n`);
  expect(urns).toEqual(JSON.parse(readFileSync(GOLDEN, "utf8")));
}, 60_000);

test("a preview makes the same resources as an update", async () => {
  const update = await runProgram(full);
  const preview = await runProgram(full, { preview: true });
  expect(preview.children.map(({ urn }) => urn)).toEqual(update.children.map(({ urn }) => urn));
});

test("every resource belongs to a component, but for providers and what is read", async () => {
  const { children } = await runProgram(full);
  const orphans = children.filter(({ parent, type }) => parent === "" && !type.startsWith("sopsloop:"));
  expect(orphans.map(({ type }) => type)).toEqual([
    "pulumi:providers:kubernetes",
    "pulumi:providers:vault",
    "test:index:Outputs",
  ]);
});

test("in a Vault namespace Flux and sops both name it: neither sends a namespace header", async () => {
  const { exported, children } = await runProgram(sampleWith("vault.namespace", "team/a"));
  expect(exported.loginPath).toBe("team/a/auth/kubernetes/login");
  expect(exported.vaultTransitUri).toContain("/v1/team/a/transit/keys/sops");
  const config = children.find(({ name }) => name === "flux-vault");
  expect(JSON.stringify(config?.inputs)).toContain("loginPath: team/a/auth/kubernetes/login");
});

describe("outputs", () => {
  test("of the smallest stack", async () => {
    const { exported } = await runProgram(sampleConfig());
    const { audit, ...rest } = exported;
    expect(rest).toMatchInlineSnapshot(`
      {
        "decryptRoles": {
          "default": "flux-system_kustomize-controller",
        },
        "fluxPatches": "",
        "loginPath": "auth/kubernetes/login",
        "policyNames": {
          "decrypt": "sops-flux-decrypt",
          "pipeline": "sops-pipeline",
          "status": "sops-status",
        },
        "sopsConfig": "creation_rules:
        - path_regex: \\.sops\\.ya?ml$
          encrypted_regex: ^(data|stringData)$
          mac_only_encrypted: true
          hc_vault_transit_uri: https://vault.example.com:443/v1/transit/keys/sops
      ",
        "vaultAddress": "https://vault.example.com:443",
        "vaultTransitUri": "https://vault.example.com:443/v1/transit/keys/sops",
      }
    `);
    expect(audit).toMatchInlineSnapshot(`
      {
        "decryption": [
          {
            "branch": "main",
            "kustomization": "apps",
            "namespace": "flux-system",
            "path": "./apps",
            "serviceAccount": "kustomize-controller",
            "source": "https://git.example.com/team/deploy.git",
            "targetNamespace": null,
          },
        ],
        "key": {
          "autoRotatePeriod": 7776000,
          "latestVersion": 1,
          "minDecryptionVersion": 1,
          "mount": "transit",
          "name": "sops",
          "type": "aes256-gcm96",
          "versions": [
            {
              "created": "2026-09-21T14:13:20.000Z",
              "version": 1,
            },
          ],
        },
        "policies": {
          "flux-sops-policy": {
            "sha256": "db2c04ff27529a4e3b919fa787e1ee81be17d9839d4d446143ac17e123bedae4",
            "text": "path "transit/encrypt/sops" {
        capabilities = ["update"]
      }

      path "transit/decrypt/sops" {
        capabilities = ["update"]
      }
      ",
          },
          "sops-flux-decrypt": {
            "sha256": "8f116ee580d161ef463e1009aa068bceba4cfe2749238887cc21abde768f956b",
            "text": "path "transit/decrypt/sops" {
        capabilities = ["update"]
      }
      ",
          },
          "sops-pipeline": {
            "sha256": "ccd3f8b1154513cca5d66ad993d65eed9040a1477f58e0cc39a01c60e3c91917",
            "text": "path "transit/encrypt/sops" {
        capabilities = ["update"]
      }

      path "transit/rewrap/sops" {
        capabilities = ["update"]
      }
      ",
          },
          "sops-status": {
            "sha256": "3a686ec4988455af779710a2561e00276c7084c73b40191fe3a58b578e6c679d",
            "text": "path "transit/keys/sops" {
        capabilities = ["read"]
      }
      ",
          },
        },
        "roles": [
          {
            "audience": "https://vault.example.com:443",
            "auth": "auth/kubernetes",
            "name": "flux-system_kustomize-controller",
            "namespaces": [
              "flux-system",
            ],
            "policies": [
              "sops-flux-decrypt",
            ],
            "serviceAccounts": [
              "kustomize-controller",
            ],
            "tokenType": "batch",
            "ttlSeconds": 600,
          },
          {
            "audience": null,
            "auth": "auth/kubernetes",
            "name": "flux-sops-role",
            "namespaces": [
              "flux-system",
            ],
            "policies": [
              "flux-sops-policy",
            ],
            "serviceAccounts": [
              "kustomize-controller",
              "source-controller",
            ],
            "tokenType": "default",
            "ttlSeconds": 86400,
          },
        ],
        "vault": {
          "address": "https://vault.example.com:443",
          "auditLog": null,
        },
      }
    `);
  });

  test("hold no secret, whatever the config", async () => {
    const { gitlab: _, azure: __, ...withoutSecretOutputs } = CONFIGS;
    for (const config of Object.values(withoutSecretOutputs)) {
      const text = JSON.stringify((await runProgram(config)).exported);
      expect(text).not.toContain("4dabf18193072939515e22adb298388d");
      expect(text).not.toContain("the-jwt");
      expect(text).not.toContain("the-webhook");
    }
  });

  test("carry the controller's patches where another tool owns it", async () => {
    const flux = { ...full.flux, installation: "operator" };
    const { exported, children } = await runProgram({ ...full, flux });
    expect(exported.fluxPatches).toContain("--sops-vault-configmap=sopsloop-vault");
    expect(exported.fluxPatches).toContain("name: allow-egress");
    expect(children.filter(({ type }) => type.endsWith("Patch"))).toEqual([]);
  });
});

test("another key than the guide's has no guide's policy and no guide's role", async () => {
  const names = async (config: Record<string, unknown>) =>
    (await runProgram(config)).children.map(({ name }) => name);
  const before = await names(sampleConfig());
  const guides = ["flux-role-of-guide", "sops-guide"];
  expect(await names(sampleWith("vault.transit.key", "prod"))).toEqual(
    before.filter((name) => !guides.includes(name)),
  );
});

test("further flags of the controller come from the config", async () => {
  const { children } = await runProgram(sampleWith("flux.controllerArgs", ["--concurrent=10"]));
  const patch = children.find(({ name }) => name === "flux-controller");
  expect(JSON.stringify(patch?.inputs)).toContain('"--concurrent=10"');
});

test("a bad config stops the program before anything is made", async () => {
  const run = runProgram({ ...full, vault: { address: "https://vault.example.com" } });
  await expect(run).rejects.toThrow(
    "The config of stack test has a problem:\n  sopsloop:vault.auth: is missing; set method to kubernetes or jwt",
  );
});
