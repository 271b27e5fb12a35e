import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { ForeignServer } from "./support/foreign-server";
import { OwnTemporary } from "./support/own-temporary";
import { rewrapIn } from "./support/rewrap-in";
import { SopsRepository, secret } from "./support/sops-repository";
import { SopsVault } from "./support/sops-vault";

describe("what sops is kept from by rewrap --data-keys", () => {
  let vault: SopsVault;
  let foreign: ForeignServer;
  let repository: SopsRepository;
  let temporary: OwnTemporary;

  beforeAll(async () => {
    vault = await SopsVault.start();
    foreign = await ForeignServer.start();
  });
  afterAll(async () => {
    await foreign.stop();
    await vault.stop();
  });

  beforeEach(() => {
    foreign.tokens.length = 0;
    repository = SopsRepository.create(vault.env());
    repository.encrypt("a.yaml", secret("a"), vault.keyUri());
    temporary = new OwnTemporary();
  });
  afterEach(() => {
    temporary.remove();
    repository.remove();
  });

  test.each([
    ["VAULT_ADDR", {}, (): string => `VAULT_ADDR is ${vault.address}`],
    [
      "the tree's rules",
      { VAULT_ADDR: undefined },
      (): string => "no .sops.yaml of this tree does, and VAULT_ADDR is not set",
    ],
  ])("the token goes to no Vault but that of %s", async (_, env, reason) => {
    const content = repository.read("a.yaml");
    repository.write("evil.yaml", content.replace(vault.address, foreign.address));
    repository.write(".sops.yaml", `creation_rules:\n  - hc_vault_transit_uri: ${vault.keyUri()}\n`);
    repository.commitAll();
    const { code, out, err } = await rewrapIn(repository, ["--data-keys"], env);
    expect({ code, out }).toEqual({ code: 1, out: "Nothing was changed: 1 failure.\n" });
    const lines = err.split("\n").filter((line) => line.includes("evil.yaml"));
    expect(lines).toEqual([
      expect.stringContaining(
        `sopsloop: evil.yaml: ${foreign.address}: a file names this Vault, but ${reason()}, so the token is not sent there`,
      ),
    ]);
    expect(foreign.tokens).toEqual([]);
    expect(repository.status()).toBe("");
  });

  test("nor does sops take it to a Vault that only a rule names", async () => {
    const recipient = ageRecipient("own");
    repository.write(
      ".sops.yaml",
      `creation_rules:\n  - hc_vault_transit_uri: ${vault.keyUri()}\n    age: ${recipient}\n`,
    );
    repository.encryptByRules("a.yaml", secret("a"));
    const rule = `hc_vault_transit_uri: ${foreign.address}/v1/transit/keys/sops`;
    repository.write(".sops.yaml", `creation_rules:\n  - ${rule}\n    age: ${recipient}\n`);
    repository.commitAll();
    const { code, err } = await rewrapIn(repository, ["--data-keys"]);
    expect(code).toBe(1);
    expect(err).toContain(`Allowlist does not allow ${foreign.address}`);
    expect(foreign.tokens).toEqual([]);
    expect(repository.status()).toBe("");
  });

  test("rules above the tree's copies are not read", async () => {
    const words = ["encrypt", "--in-place", "--age", ageRecipient("own")];
    repository.write("both.yaml", secret("both"));
    execFileSync("sops", [...words, "--hc-vault-transit", vault.keyUri(), "both.yaml"], {
      cwd: repository.folder,
      env: repository.env,
      stdio: "pipe",
    });
    repository.commitAll();
    temporary.write(".sops.yaml", `creation_rules:\n  - age: ${ageRecipient("other")}\n`);
    const { code, err } = await rewrapIn(repository, ["--data-keys", "both.yaml"]);
    expect(code).toBe(1);
    expect(err).toContain("does not contain any creation rule");
    expect(repository.status()).toBe("");
    // Without rules there is nothing that a file of Vault's alone would lack.
    expect((await rewrapIn(repository, ["--data-keys", "a.yaml"])).code).toBe(0);
    expect(repository.decrypt("a.yaml")).toContain("alpha-a");
  });

  function ageRecipient(name: string): string {
    const file = join(repository.folder, ".git", name);
    execFileSync("age-keygen", ["-o", file], { stdio: "pipe" });
    return /age1\w+/.exec(readFileSync(file, "utf8"))?.[0] ?? "";
  }
});
