import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readVaultLog } from "../../cli/audit/vault-log/read-vault-log";
import { LiveLoop, VARIABLE } from "./support/live-loop";
import { IN_CLUSTER } from "./support/planted/in-cluster";
import { IN_GITLAB } from "./support/planted/in-gitlab";
import { IN_LOGINS } from "./support/planted/in-logins";
import { IN_VAULT } from "./support/planted/in-vault";
import { isFound, titled } from "./support/planted/planted";
import { TOKENS } from "./support/tokens";

let loop: LiveLoop;

beforeAll(async () => {
  loop = await LiveLoop.start("audit");
});
afterAll(() => loop?.stop());

const CLEAN = { findings: [], skipped: [] };

describe("a clean stack", () => {
  test("nothing is found, and nothing is left out", async () => {
    expect(await loop.read()).toMatchObject(CLEAN);
  });

  test("who may do what is told as Vault has it", async () => {
    const { grants } = await loop.read();
    expect(grants).toContainEqual({
      identity: "ServiceAccount flux-system/kustomize-controller",
      may: ["decrypt"],
      key: "transit/keys/sops",
      by: ["auth/kubernetes/role/flux-system_kustomize-controller", "policy sops-flux-decrypt"],
    });
    expect(grants.filter(({ may }) => may.includes("decrypt")).map(({ by }) => by[0])).toEqual([
      "auth/kubernetes/role/flux-sops-role",
      "auth/kubernetes/role/flux-sops-role",
      "auth/kubernetes/role/flux-system_kustomize-controller",
    ]);
  });
});

describe("each by itself is found by its name", () => {
  test.each(titled(IN_VAULT))("%s", (_title, planted) => isFound(loop, planted));
  test.each(titled(IN_LOGINS))("%s", (_title, planted) => isFound(loop, planted));
  test.each(titled(IN_CLUSTER))("%s", (_title, planted) => isFound(loop, planted));
  test.each(titled(IN_GITLAB))("%s", (_title, planted) => isFound(loop, planted));
});

describe("who may not look at everything", () => {
  const skippedOf = async (env: Readonly<Record<string, string | undefined>>) => {
    const { findings, skipped } = await loop.read(env);
    expect(findings).toEqual([]);
    return [...new Set(skipped.map(({ id }) => id))];
  };

  test("a deployer's token: roles that it may not list are read by their names, and none is told as missing", async () => {
    const policy = readFileSync("docs/deployer-policy.hcl", "utf8");
    await loop.vault("PUT", "sys/policies/acl/deployer", { policy });
    const VAULT_TOKEN = await loop.it.tokenWith("deployer");
    const { findings, skipped, grants } = await loop.read({ VAULT_TOKEN });
    await loop.vault("DELETE", "sys/policies/acl/deployer");
    expect(findings).toEqual([]);
    expect(grants.map(({ by }) => by[0])).toContain("auth/kubernetes/role/flux-system_kustomize-controller");
    const ids = new Set(skipped.map(({ id }) => id));
    expect([...ids].sort()).toEqual(["vault-identities", "vault-logins", "vault-policies", "vault-tokens"]);
  });

  test("a token that may see nothing but the key's state", async () => {
    const VAULT_TOKEN = await loop.it.tokenWith("sops-status");
    expect(await skippedOf({ VAULT_TOKEN })).toEqual([
      "vault-policies",
      "vault-auth-methods",
      "vault-audit-devices",
      "vault-mounts",
      "vault-key-settings",
      "vault-identities",
      "vault-tokens",
      "api-server-ca",
      "issuer",
    ]);
  });

  test.each([
    ["a Vault token that is none", { VAULT_TOKEN: "hvs.expired" }, "vault"],
    ["no cluster", { KUBECONFIG: "/nowhere" }, "kubernetes"],
    ["no token for GitLab", { GITLAB_TOKEN: "" }, "gitlab"],
    ["a token that GitLab does not know", { GITLAB_TOKEN: "glpat-0123456789abcdef" }, "gitlab"],
    ["a token for another GitLab", { GITLAB_URL: "https://gitlab.example.com" }, "gitlab"],
  ])("%s: that part is told once as skipped", async (_what, env, part) => {
    const skipped = await skippedOf(env);
    expect(skipped).toContain(part);
    expect(skipped.filter((id) => id.startsWith(`${part}-`) && id !== "gitlab-receivers")).toEqual([]);
  });

  test("a token for another Vault is not sent", async () => {
    await expect(loop.read({ VAULT_ADDR: "https://vault.example.com:8200" })).rejects.toMatchObject({
      exitCode: 2,
    });
  });
});

test("once all is healed, nothing is found again", async () => {
  expect(await loop.read()).toMatchObject(CLEAN);
});

describe("Vault's own audit log", () => {
  const read = async () => {
    const { audit } = loop.it.loop.layout.vault;
    const reading = await readVaultLog({ outputs: loop.outputs, files: [audit], cwd: "/" });
    loop.written.push(JSON.stringify(reading));
    return reading;
  };

  test("tells that Flux has decrypted, by which role, and who changed what", async () => {
    const { uses, changes, unreadable } = await read();
    expect(unreadable).toBe(0);
    expect(uses).toContainEqual(
      expect.objectContaining({
        operation: "decrypt",
        identity: "kubernetes-flux-system-kustomize-controller",
        by: "auth/kubernetes/role/flux-system_kustomize-controller",
        result: "done",
      }),
    );
    expect(changes).toContainEqual(
      expect.objectContaining({
        path: "sys/policies/acl/sops-status",
        identity: "root",
        operation: "update",
      }),
    );
  });

  test("a token that may not, one that may and should not, and an export", async () => {
    const { ciphertext } = (
      await loop.vault<{ data: { ciphertext: string } }>("POST", "transit/encrypt/sops", {
        plaintext: "YQ==",
      })
    ).data;
    const before = (await read()).findings.length;
    const refused = await loop.it.tokenWith("sops-status");
    const may = await loop.it.tokenWith("sops-flux-decrypt");
    for (const VAULT_TOKEN of [refused, may]) {
      const words = ["write", "transit/decrypt/sops", `ciphertext=${ciphertext}`];
      await loop.it.loop.as({ VAULT_TOKEN }, "vault", ...words);
    }
    const { findings } = await read();
    const told = findings.map(({ id, what }) => `${id}: ${what}`);
    expect(told).toContainEqual(expect.stringMatching(/^vault-log-refused: token was refused to decrypt/));
    expect(told).toContainEqual(expect.stringMatching(/^vault-log-stranger: token did decrypt/));
    expect(findings.length).toBe(before + 2);
  });
});

test("nothing that was read holds a token, a value of a variable, or the receiver's path", async () => {
  const root = readFileSync(loop.it.loop.layout.vault.rootToken, "utf8").trim();
  const [hook] = await loop.gitlab<{ url: string }[]>("GET", "/hooks");
  const secrets = [root, VARIABLE, new URL(hook?.url ?? "").pathname, await loop.it.reviewerJwt()];
  expect(loop.written.length).toBeGreaterThan(80);
  for (const text of loop.written) {
    expect(text).not.toMatch(TOKENS);
    for (const secret of secrets) expect(text).not.toContain(secret);
  }
});
