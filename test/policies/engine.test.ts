import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { installPolicyPack } from "../../sandbox/policy-pack";
import { devConfig } from "../sandbox/support/dev-config";
import { Loop } from "../sandbox/support/loop";
import { PolicedProject } from "./support/policed-project";

let loop: Loop;
let pack: string;

beforeAll(async () => {
  loop = await Loop.start({ azure: true });
  pack = installPolicyPack(loop.layout);
});
afterAll(() => loop?.stop());

/** What each violating program has to be refused for, at least. */
const VIOLATIONS: Readonly<Record<string, readonly string[]>> = {
  vault: [
    "vault-transit-key-unexportable",
    "vault-transit-key-undeletable",
    "vault-transit-key-rotates",
    "vault-transit-mount-protected",
    "vault-transit-mount-no-upsert",
    "vault-policy-no-sudo",
    "vault-policy-literal-paths",
    "vault-kubernetes-role-bound",
    "vault-kubernetes-role-audience",
    "loop-role-one-identity",
    "loop-audit-device-exists",
  ],
  kubernetes: [
    "kubernetes-role-no-wildcards",
    "kubernetes-role-narrow-secrets",
    "kubernetes-binding-narrow-subjects",
    "kubernetes-config-map-no-secret",
    "kubernetes-object-own-namespace",
  ],
  flux: [
    "flux-git-repository-verified",
    "flux-git-repository-branch",
    "flux-kustomization-own-account",
    "flux-kustomization-no-static-key",
    "flux-kustomization-reconciles",
  ],
  gitlab: [
    "gitlab-variable-no-cloud-credential",
    "gitlab-variable-protected",
    "gitlab-variable-masked",
    "gitlab-branch-protection-no-force-push",
    "gitlab-branch-protection-maintainers",
    "gitlab-schedule-active",
    "gitlab-branch-protected",
  ],
  azure: [
    "azure-key-vault-rbac",
    "azure-key-vault-purge-protection",
    "azure-key-vault-network-deny",
    "azure-key-vault-logged",
    "azure-key-operations",
    "azure-key-rotates",
    "azure-federated-credential-exact",
    "azure-storage-account-private",
    "azure-event-subscription-filtered",
    "azure-event-subscription-kept",
  ],
};

describe("a program that breaks rules is refused", () => {
  for (const [program, rules] of Object.entries(VIOLATIONS))
    test(`${program}: with the names of the rules, and no secret`, async () => {
      const project = await PolicedProject.of(program, loop, pack);
      const { code, stdout, stderr } = await project.preview();
      const shown = stdout + stderr;
      for (const rule of rules) expect(shown).toMatch(new RegExp(`\\[mandatory\\].*\\b${rule} `));
      expect(shown).not.toContain("canary");
      expect(code).not.toBe(0);

      const allowed = await project.preview({ all: "disabled" });
      expect(allowed.stdout).not.toContain("[mandatory]");
      expect(allowed.code).toBe(0);
    });
});

test("a value that is not known yet is a note and stops nothing", async () => {
  const project = await PolicedProject.of("not-yet-known", loop, pack);
  const { code, stdout } = await project.preview();
  expect(stdout).toMatch(/\[advisory\].*\bvault-policy-literal-paths /);
  expect(stdout).toContain("value at .policy can't be known during preview");
  expect(stdout).not.toContain("[mandatory]");
  expect(code).toBe(0);
});

test("limits of a policy config file hold, and wrong ones are told in one line", async () => {
  const project = await PolicedProject.of("limits", loop, pack);
  const strict = await project.preview({ "vault-transit-key-rotates": { maxDays: 30 } });
  expect(strict.stdout).toContain("set autoRotatePeriod to at most 30 days");
  expect(strict.code).not.toBe(0);
  const wrong = await project.preview({ "vault-transit-key-rotates": { maxDay: 30 } });
  expect(wrong.stdout + wrong.stderr).toContain(
    'the policy config is wrong: vault-transit-key-rotates: Unrecognized key: "maxDay"; see docs/policies.md',
  );
  expect(wrong.code).not.toBe(0);
});

test("the program itself goes through, before it is made, while it is made and afterwards", async () => {
  const { gitlab, flux } = loop.layout;
  const stack = await loop.stack("policed", {
    ...devConfig(loop.layout),
    "sopsloop:gitlab": {
      address: gitlab.address,
      ca: { file: gitlab.ca },
      project: "platform/deploy",
      app: { project: "platform/app", environment: "sandbox", into: "apps/app", namespace: "default" },
      receiver: { url: flux.receiver },
    },
  });
  const flag = `--policy-pack=${pack}`;
  const first = await stack.succeed("preview", flag);
  const update = await stack.up(flag);
  const second = await stack.succeed("preview", flag);
  for (const shown of [first, update, second]) {
    expect(shown).toContain("sopsloop@v");
    expect(shown).not.toContain("[mandatory]");
  }
});
