import { beforeAll, expect, test, vi } from "vitest";
import { evaluate } from "../../../policies/evaluate";
import type { Resource } from "../../../policies/values/subject";
import { CERTIFICATE, sampleConfig } from "../config/sample";
import { gitlabConfig, PROJECTS } from "../gitlab/sample";
import type { BuildOptions } from "../harness";
import { runProgram } from "../program";
import { stackOf } from "./support/program-stack";

const peer = { cidr: "10.0.0.1/32", port: 443 };

/** As Pulumi.dev.yaml has it, but for files of the sandbox. */
const dev = {
  vault: {
    address: "https://127.0.0.1:18200",
    ca: { pem: CERTIFICATE },
    auth: { method: "kubernetes", reviewer: { mode: "token" } },
    audit: { path: "/proc/self/cwd/audit.log" },
  },
  kubernetes: { host: "https://127.0.0.1:16443", ca: { pem: CERTIFICATE } },
  flux: {
    version: "2.9",
    decryptors: { default: { namespace: "flux-system", serviceAccount: "kustomize-controller" } },
    source: { url: "http://127.0.0.1:13080/deploy.git" },
    kustomizations: { apps: { path: "./apps", decryptor: "default" } },
  },
  gitlab: {
    address: "https://127.0.0.1:13443",
    ca: { pem: CERTIFICATE },
    project: "platform/deploy",
    app: { project: "platform/app", environment: "sandbox", into: "apps/app", namespace: "default" },
    receiver: { url: "http://127.0.0.1:13480" },
  },
};

/** All that production would have. */
const production = {
  vault: {
    address: "https://vault.example.com:8200",
    ca: { pem: CERTIFICATE },
    transit: { key: "sops-prod", autoRotatePeriod: "720h" },
    auth: {
      method: "jwt",
      keys: { discovery: "https://issuer.example.com" },
      issuer: "https://issuer.example.com",
    },
    audit: { path: "/var/log/vault/audit.log" },
  },
  flux: {
    version: "2.10",
    decryptors: {
      infra: { namespace: "flux-system", serviceAccount: "kustomize-controller" },
      apps: { namespace: "apps", serviceAccount: "sops", createNamespace: true },
    },
    source: { url: "https://git.example.com/team/deploy.git" },
    kustomizations: {
      infra: { path: "./infra", decryptor: "infra" },
      apps: { path: "./apps", decryptor: "apps" },
    },
    networkPolicies: { apiServer: peer, vault: peer, git: peer },
    alerts: { type: "slack", channel: "alerts" },
  },
  alertAddress: "https://hooks.example.com/the-webhook",
  age: { recipients: ["age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p"] },
  gitlab: {
    ...(gitlabConfig().gitlab as object),
    image: "registry.example.com/sopsloop:1.4.2",
    tokenTtl: "10m",
  },
  gitlabVariables: { DB_PASSWORD: { value: "correct-horse", environment: "production" } },
};

const resourcesOf = async (config: Record<string, unknown>, stack: string, options: BuildOptions = {}) =>
  stackOf(await runProgram(config, { gitlab: PROJECTS, ...options }), stack);

const lines = (resources: readonly Resource[], enforcement: string) =>
  evaluate(resources)
    .findings.filter((finding) => finding.enforcement === enforcement)
    .map(({ rule, message }) => `${rule}: ${message}`);

let devStack: readonly Resource[];
let productionStack: readonly Resource[];

beforeAll(async () => {
  vi.unstubAllEnvs();
  devStack = await resourcesOf(dev, "dev");
  productionStack = await resourcesOf(production, "prod");
}, 120_000);

test("dev breaks no mandatory rule", () => {
  expect(lines(devStack, "mandatory")).toEqual([]);
});

test("dev is told what production would not have", () => {
  expect(lines(devStack, "advisory")).toEqual([
    "vault-kubernetes-role-guide: flux-role-of-guide: is the Flux guide's own, for any audience and a day; set sopsloop:vault.guide to false when nobody uses it",
    "gitlab-ci-pinned-image: gitlab-file-.gitlab-ci.yml: runs $CI_REGISTRY_IMAGE/sopsloop:latest, which can become another image; set sopsloop:gitlab.image to one with a version",
    "loop-flux-default-deny: flux-controller: decrypts in flux-system, where this stack denies no traffic; set sopsloop:flux.networkPolicies",
  ]);
});

test("production breaks no rule at all, and everything in it can be told", () => {
  const { findings, undecided, judged } = evaluate(productionStack);
  expect(findings).toEqual([]);
  expect(undecided).toEqual([]);
  expect(judged).toBeGreaterThan(200);
});

test("both together break none either: each has a key of its own", () => {
  expect(lines([...devStack, ...productionStack], "mandatory")).toEqual([]);
});

test("the smallest stack has no audit device, and that is all", async () => {
  expect(lines(await resourcesOf(sampleConfig(), "dev"), "mandatory")).toEqual([
    "loop-audit-device-exists: sops-key: is used without an audit device in this stack; set sopsloop:vault.audit.path",
  ]);
}, 60_000);

test("a first preview breaks none, and tells what is not known yet", async () => {
  const { findings, undecided } = evaluate(await resourcesOf(production, "prod", { preview: true }));
  expect(findings).toEqual([]);
  expect(new Set(undecided.map(({ reason }) => reason))).toEqual(new Set(["unknown"]));
  expect(undecided.map(({ rule, path }) => `${rule} ${path}`)).toMatchInlineSnapshot(`
    [
      "gitlab-branch-protected project",
      "gitlab-branch-protected project",
      "gitlab-branch-protected project",
      "gitlab-branch-protected project",
      "gitlab-branch-protected project",
      "gitlab-branch-protected project",
      "gitlab-hook-verified url",
      "gitlab-job-token-scope-named project",
      "gitlab-job-token-scope-named project",
      "gitlab-trigger-few project",
      "gitlab-trigger-few project",
    ]
  `);
}, 60_000);
