import { generateKeyPair, SignJWT } from "jose";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { sopsEnvironment } from "../../../cli/backends/vault/sops-environment";
import { vaultSettings } from "../../../cli/backends/vault/vault-settings";
import { main } from "../../../cli/program";
import { VaultAccess } from "../../../cli/verify/vault-access";
import { recordedIo } from "../rewrap/support/recorded-io";
import { SopsRepository, secret } from "../rewrap/support/sops-repository";
import { SopsVault } from "../rewrap/support/sops-vault";
import { JwtAuth } from "./support/jwt-auth";

const FILE = "apps/a.yaml";

let vault: SopsVault;
let jwt: JwtAuth;
let repository: SopsRepository;

beforeAll(async () => {
  vault = await SopsVault.start();
  jwt = await JwtAuth.enable(vault);
  await jwt.role("sops-rewrap", "rewrap");
  await jwt.role("sops-status", "status");
  await jwt.role("sops-data-keys", "guide", "rewrap");
  repository = SopsRepository.create(vault.env());
});
afterAll(async () => {
  repository.remove();
  await vault.stop();
});

/** A command in the repository, as a job with these variables. */
async function inJob(env: Readonly<Record<string, string | undefined>>, ...words: string[]) {
  const io = recordedIo(repository.folder, { ...repository.env, ...env });
  const code = await main(words, io);
  // Neither token is for anybody's eyes.
  expect(io.out + io.err).not.toMatch(/eyJ|hv[sb]\./);
  return { code, out: io.out, err: io.err };
}

async function rotated(): Promise<number> {
  repository.write(".sops.yaml", `creation_rules:\n  - hc_vault_transit_uri: ${vault.keyUri()}\n`);
  repository.encryptByRules(FILE, secret("a"));
  repository.commitAll();
  return vault.rotate();
}

describe("a CI job without a token of Vault's", () => {
  test("status asks as the job's role", async () => {
    const version = await rotated();
    const { code, out } = await inJob(await jwt.env("sops-status"), "status", "--json");
    expect(code).toBe(1);
    expect(JSON.parse(out).findings).toMatchObject([{ check: "stale", path: FILE }]);
    expect(repository.read(FILE)).toContain(`vault:v${version - 1}:`);
  });

  test("rewrap does too", async () => {
    const version = await rotated();
    const { code, err } = await inJob(await jwt.env("sops-rewrap"), "rewrap", "--commit");
    expect({ code, err }).toMatchObject({ code: 0 });
    expect(repository.read(FILE)).toContain(`vault:v${version}:`);
  });

  test("new data keys: sops has Vault's answer in its environment", async () => {
    const version = await rotated();
    const before = repository.decrypt(FILE);
    const { code, err } = await inJob(await jwt.env("sops-data-keys"), "rewrap", "--data-keys");
    expect({ code, err }).toMatchObject({ code: 0 });
    expect(repository.read(FILE)).toContain(`vault:v${version}:`);
    expect(repository.decrypt(FILE)).toBe(before);
  });

  test("verify does too, once for all that it asks", async () => {
    const access = new VaultAccess(vault.address, vaultSettings(await jwt.env("sops-status")));
    const health = access.atRoot();
    expect(await access.read("transit/keys/sops")).toMatchObject({ name: "sops" });
    expect(await health.read("sys/seal-status")).toMatchObject({ sealed: false });
    expect((await access.capabilitiesOf(access, ["transit/keys/sops"]).catch(String)).toString()).toMatch(
      /may not ask for others' rights/,
    );
    access.close();
  });

  test("a token that is set goes first", async () => {
    await rotated();
    const env = { ...(await jwt.env("no-such-role")), VAULT_TOKEN: vault.rootToken };
    expect(await inJob(env, "status")).toMatchObject({ code: 1, err: "" });
    expect(await sopsEnvironment(env)).toBe(env);
  });

  test("the mount is jwt where none is named", async () => {
    await rotated();
    const standard = await JwtAuth.enable(vault, "jwt");
    await standard.role("sops-status", "status");
    const { VAULT_AUTH_PATH: _, ...env } = await standard.env("sops-status");
    expect(await inJob(env, "status")).toMatchObject({ code: 1, err: "" });
  });
});

describe("what sops gets", () => {
  test("Vault's token and the one address it may go to, without the ID token", async () => {
    const env = await sopsEnvironment({ ...(await jwt.env("sops-rewrap")), OTHER: "kept" });
    expect(env).toMatchObject({
      OTHER: "kept",
      SOPS_HC_VAULT_ALLOWLIST: vault.address,
      VAULT_TOKEN: expect.stringMatching(/^hvb\./),
    });
    expect(env).not.toHaveProperty("VAULT_ID_TOKEN");
  });
});

describe("what Vault refuses", () => {
  beforeEach(rotated);

  const named = 'role "sops-status" of auth/gitlab';
  test.each([
    ["another project", { project_id: "102" }, `refuses this job for ${named}: claim "project_id" of its ID`],
    ["another branch", { ref: "topic" }, `refuses this job for ${named}: claim "ref" of its ID`],
    ["an unprotected branch", { ref_protected: "false" }, `claim "ref_protected" of its ID token is not`],
    ["another audience", { aud: "https://x" }, `the role is not bound to the ID token's audience`],
    ["an old token", { exp: 1_000_000_000 }, "its ID token has expired, or the clocks differ"],
    ["another issuer", { iss: "https://x" }, "its ID token is not from the GitLab that auth/gitlab trusts"],
  ])("%s", async (_, claims, told) => {
    const { code, err } = await inJob(await jwt.env("sops-status", claims), "rewrap");
    expect(code).toBe(1);
    expect(err.split("\n")).toHaveLength(2);
    expect(err).toContain(`Vault at ${vault.address} refuses this job for ${named}: `);
    expect(err).toContain(told);
  });

  test("a token that somebody else has signed", async () => {
    const { privateKey } = await generateKeyPair("RS256");
    const forged = await new SignJWT({ project_id: "101" })
      .setProtectedHeader({ alg: "RS256" })
      .sign(privateKey);
    const env = { ...(await jwt.env("sops-status")), VAULT_ID_TOKEN: forged };
    expect((await inJob(env, "rewrap")).err).toContain("it knows no key that signed the ID token");
  });

  test("a role that is not there", async () => {
    expect((await inJob(await jwt.env("sops-other"), "rewrap")).err).toBe(
      `sopsloop: Vault at ${vault.address} has no role "sops-other" of auth/gitlab; is VAULT_AUTH_ROLE right, and has pulumi up run?\n`,
    );
  });

  test("a mount that is not there", async () => {
    const env = { ...(await jwt.env("sops-status")), VAULT_AUTH_PATH: "elsewhere" };
    expect((await inJob(env, "rewrap")).err).toContain(
      "has no jwt auth method at auth/elsewhere, or does not let this job log in there",
    );
  });

  test("a role that may not do what is asked: it names the policy", async () => {
    const { code, err } = await inJob(await jwt.env("sops-status"), "rewrap");
    expect(code).toBe(1);
    expect(err).toContain('does not let this token rewrap: its policy needs "update" on transit/rewrap/sops');
  });
});

describe("where the ID token goes", () => {
  test("not to another Vault that a file names", async () => {
    await rotated();
    const env = { ...(await jwt.env("sops-status")), VAULT_ADDR: "https://127.0.0.1:1" };
    const { code, err } = await inJob(env, "rewrap");
    expect(code).toBe(1);
    expect(err).toContain("VAULT_ADDR is https://127.0.0.1:1, so the token is not sent there");
  });

  test("not to one that a list lets in beside VAULT_ADDR", async () => {
    await rotated();
    const env = {
      ...(await jwt.env("sops-status")),
      VAULT_ADDR: "https://127.0.0.1:1",
      SOPS_HC_VAULT_ALLOWLIST: `https://127.0.0.1:1,${vault.address}`,
    };
    expect((await inJob(env, "rewrap")).err).toContain("this job's ID token is sent nowhere else");
  });

  test.each([
    [{ VAULT_AUTH_ROLE: "" }, "VAULT_AUTH_ROLE is not; set it to the role"],
    [{ VAULT_ID_TOKEN: "$VAULT_ID_TOKEN" }, "VAULT_ID_TOKEN holds no ID token"],
    [{ VAULT_AUTH_PATH: "../sys" }, "VAULT_AUTH_PATH is no mount of an auth method"],
    [{ VAULT_AUTH_PATH: "a//b" }, "VAULT_AUTH_PATH is no mount of an auth method"],
    [{ VAULT_ADDR: "", SOPS_HC_VAULT_ALLOWLIST: "all" }, "VAULT_ADDR names no server"],
    [{ SOPS_HC_VAULT_ALLOWLIST: "none" }, "SOPS_HC_VAULT_ALLOWLIST leaves out VAULT_ADDR"],
  ])("nowhere, where the environment is not whole: %o", async (missing, told) => {
    const asked = sopsEnvironment({ ...(await jwt.env("sops-status")), ...missing });
    await expect(asked).rejects.toThrow(told);
  });
});
