import { describe, expect, test } from "vitest";
import { GOOD, refusalStage } from "../support/refusal-stage";
import { rewrapIn } from "../support/rewrap-in";
import { secret } from "../support/sops-repository";
import { SopsVault } from "../support/sops-vault";

const stage = refusalStage();

describe("sopsloop rewrap refuses what Vault refuses:", () => {
  test("a token that has expired", async () => {
    const token = await stage.vault.newToken({ policies: ["root"], ttl: "1h" });
    await stage.vault.api.write("auth/token/revoke", { token });
    stage.refused(
      await rewrapIn(stage.repository, [], { VAULT_TOKEN: token }),
      `Vault at ${stage.vault.address} does not know this token: it has expired or was revoked; log in again and set VAULT_TOKEN`,
    );
  });

  test("a token without rewrap", async () => {
    const ran = await rewrapIn(stage.repository, [], { VAULT_TOKEN: await stage.vault.token("status") });
    const why = `Vault at ${stage.vault.address} does not let this token rewrap: its policy needs "update" on transit/rewrap/sops`;
    expect(ran.code).toBe(1);
    expect(ran.err.split("\n").slice(1, -1)).toEqual(GOOD.map((path) => `sopsloop: ${path}: ${why}`));
    expect(ran.out).toBe("Nothing was changed: 3 failures.\n");
    stage.untouched();
  });

  test("a token without anything", async () => {
    const ran = await rewrapIn(stage.repository, ["c.json"], { VAULT_TOKEN: await stage.vault.token() });
    stage.refused(
      ran,
      `c.json: Vault at ${stage.vault.address} does not let this token read: its policy needs "read" on transit/keys/sops`,
    );
  });

  test("no token at all", async () => {
    stage.refused(
      await rewrapIn(stage.repository, [], { VAULT_TOKEN: undefined }),
      "no Vault token: set VAULT_TOKEN, or run `vault login` (it writes ~/.vault-token); a CI job has VAULT_ID_TOKEN and VAULT_AUTH_ROLE instead",
      2,
    );
  });

  test("a Vault whose certificate nobody vouches for", async () => {
    stage.refused(
      await rewrapIn(stage.repository, [], { VAULT_CACERT: undefined }),
      `Vault at ${stage.vault.address}: its certificate is not trusted (UNABLE_TO_VERIFY_LEAF_SIGNATURE); set VAULT_CACERT to its CA's PEM file, or VAULT_TLS_SERVER_NAME to its name`,
    );
  });

  test("a Vault that is not the token's", async () => {
    stage.refused(
      await rewrapIn(stage.repository, [], { VAULT_ADDR: "https://other.example:8200" }),
      `${stage.vault.address}: a file names this Vault, but VAULT_ADDR is https://other.example:8200, so the token is not sent there; if it is yours: SOPS_HC_VAULT_ALLOWLIST=https://other.example:8200,${stage.vault.address}`,
    );
  });

  test("a file for a key that is not there", async () => {
    await stage.vault.newKey("gone");
    stage.repository.encrypt("apps/gone.yaml", secret("gone"), stage.vault.keyUri("gone"));
    stage.repository.commitAll();
    await stage.vault.api.write("transit/keys/gone/config", { deletion_allowed: true });
    await stage.vault.api.delete("transit/keys/gone");
    stage.refused(
      await rewrapIn(stage.repository),
      `apps/gone.yaml: Vault at ${stage.vault.address} has no key "gone" under transit`,
    );
  });

  test("a file for an engine that is not there", async () => {
    const content = stage.repository
      .read("apps/a.yaml")
      .replace("engine_path: transit", "engine_path: elsewhere");
    stage.repository.write("apps/lost.yaml", content);
    stage.repository.commitAll();
    stage.refused(
      await rewrapIn(stage.repository),
      `apps/lost.yaml: Vault at ${stage.vault.address} has no secrets engine at "elsewhere"; is VAULT_NAMESPACE right?`,
    );
  });

  test("a file whose wrapped key is damaged", async () => {
    const content = stage.repository.read("apps/a.yaml");
    const [wrapped = ""] = /vault:v\d+:\S+/.exec(content) ?? [];
    const damaged = wrapped.slice(0, -8) + (wrapped.endsWith("AAAAAAAA") ? "BBBBBBBB" : "AAAAAAAA");
    stage.repository.write("apps/damaged.yaml", content.replace(wrapped, damaged));
    stage.repository.commitAll();
    stage.refused(
      await rewrapIn(stage.repository),
      `apps/damaged.yaml: Vault cannot open its data key by ${stage.vault.keyUri()}: cipher: message authentication failed`,
    );
  });

  test("a file that says a version which the key has not reached", async () => {
    stage.repository.write(
      "apps/ahead.yaml",
      stage.repository.read("apps/a.yaml").replace(/vault:v\d+:/, "vault:v999:"),
    );
    stage.repository.commitAll();
    const { latest_version: latest } = (await stage.vault.api.read("transit/keys/sops")) ?? {};
    stage.refused(
      await rewrapIn(stage.repository),
      `apps/ahead.yaml: says version 999 of ${stage.vault.keyUri()}, which is at ${String(latest)}: is it another key of that name?`,
    );
  });

  test("a sealed Vault", async () => {
    const sealed = await SopsVault.start();
    try {
      const own = stage.repository.with(sealed.env());
      own.encrypt("apps/sealed.yaml", secret("sealed"), sealed.keyUri());
      stage.repository.commitAll();
      await sealed.seal();
      const ran = await rewrapIn(own, ["apps/sealed.yaml"]);
      stage.refused(
        ran,
        `Vault at ${sealed.address} is sealed; unseal it (vault operator unseal) and run this again`,
      );
    } finally {
      await sealed.stop();
    }
  });
});
