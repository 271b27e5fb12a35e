import { describe, expect, test } from "vitest";
import { ruleFor } from "../support/chart-project";
import { refusalStage } from "../support/refusal-stage";

const stage = refusalStage();

describe("sopsloop chart refuses", () => {
  test("a deploy repository without rules, or with rules that do not fit", async () => {
    const refused = async (rules: string) => {
      stage.project.deploy.write(".sops.yaml", rules);
      stage.project.deploy.commitAll("Rules");
      return stage.linesOf(await stage.project.run(), 1)[0];
    };
    const file = "apps/shop/secrets/database.sops.yaml";
    expect(await refused(ruleFor(stage.vault).replace("sops\\\\.ya", "other\\\\.ya"))).toBe(
      `${file}: no rule of .sops.yaml matches it; add one, or name another file for it in the mapping`,
    );
    expect(await refused(ruleFor(stage.vault).replace("^(data|stringData)$", "^stringData$"))).toBe(
      `${file}: .sops.yaml:3 leaves the values of a Secret (data) readable; give the rule encrypted_regex: "^(data|stringData)$"`,
    );
    expect(await refused(ruleFor(stage.vault).replace("^(data|stringData)$", "."))).toBe(
      `${file}: .sops.yaml:3 encrypts apiVersion, so that nobody can apply the Secret; give the rule encrypted_regex: "^(data|stringData)$"`,
    );
    stage.project.deploy.git("rm", "--quiet", ".sops.yaml");
    stage.project.deploy.git("commit", "--quiet", "--message=No rules");
    expect(stage.linesOf(await stage.project.run(), 1)[0]).toBe(
      `${file}: there is no .sops.yaml at or above its folder; pulumi up writes one, or add it`,
    );
  });

  test("a token that may not encrypt, and one that may make no digests, each with what the policy lacks", async () => {
    await stage.vault.api.write("sys/policies/acl/test-hmac", {
      policy: 'path "transit/hmac/sops" { capabilities = ["update"] }',
    });
    const cannotEncrypt = await stage.vault.newToken({ policies: ["test-hmac"], no_default_policy: true });
    expect(stage.linesOf(await stage.project.run([], { VAULT_TOKEN: cannotEncrypt }), 1)).toEqual([
      expect.stringMatching(
        /^apps\/shop\/secrets\/.*: sops encrypt failed \(exit \d+\): .*permission denied/,
      ),
    ]);
    const cannotDigest = await stage.vault.token("pipeline");
    expect(stage.linesOf(await stage.project.run([], { VAULT_TOKEN: cannotDigest }), 1)).toEqual([
      expect.stringMatching(/transit\/hmac\/sops.*; sopsloop chart tells by it which Secrets are unchanged$/),
    ]);
  });

  test("rules that name another Vault than the job's own: neither sops nor anybody sends the token there", async () => {
    stage.project.deploy.write(
      ".sops.yaml",
      ruleFor(stage.vault).replace(stage.vault.address, "https://127.0.0.1:1"),
    );
    stage.project.deploy.commitAll("Theirs");
    expect(stage.linesOf(await stage.project.run(), 1)).toEqual([
      `https://127.0.0.1:1: a file names this Vault, but VAULT_ADDR is ${stage.vault.address}, so the token is not sent there; if it is yours: SOPS_HC_VAULT_ALLOWLIST=${stage.vault.address},https://127.0.0.1:1`,
    ]);
  });
});
