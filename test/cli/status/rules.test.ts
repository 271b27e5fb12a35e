import { execFileSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import { secret } from "../rewrap/support/sops-repository";
import { statusStage } from "./support/status-stage";

const stage = statusStage();

describe("sopsloop status", () => {
  test("recipients, settings and thresholds that are not the rule's any more", async () => {
    await stage.vault.newKey("other");
    for (const name of ["a", "b", "uncovered"])
      stage.repository.encryptByRules(`${name}.sops.yaml`, secret(name));
    stage.rules(
      {
        path_regex: "^a",
        encrypted_regex: "^(data|stringData)$",
        hc_vault_transit_uri: stage.vault.keyUri("other"),
        age: stage.age,
      },
      {
        path_regex: "^b",
        encrypted_regex: "^stringData$",
        mac_only_encrypted: true,
        hc_vault_transit_uri: stage.vault.keyUri(),
      },
    );
    stage.repository.encryptByRules("a2.sops.yaml", secret("a2"));
    stage.repository.commitAll();
    const { found, findings } = await stage.report();
    expect(found).toEqual([
      // Its token may not read that key.
      "unknown-version a2.sops.yaml",
      "wrong-recipients a.sops.yaml",
      "wrong-settings b.sops.yaml",
      "wrong-settings b.sops.yaml",
      "no-rule uncovered.sops.yaml",
    ]);
    expect(findings[1]?.message).toContain(
      `lacks ${stage.age}, ${stage.vault.keyUri("other")}; has ${stage.vault.keyUri()} too many`,
    );
    expect(findings.map(({ subject }) => subject)).toContain("mac_only_encrypted");
  });

  test("key groups made by sops agree with their rule; a changed threshold is told", async () => {
    const group = { hc_vault: [stage.vault.keyUri()] };
    const rule = (shamir_threshold: number) => ({
      shamir_threshold,
      key_groups: [group, { age: [stage.age] }, { age: [stage.age], ...group }],
    });
    stage.rules(rule(2));
    stage.repository.encryptByRules("a.yaml", "password: x\n");
    stage.repository.commitAll();
    expect((await stage.report()).found).toEqual([]);
    stage.rules(rule(3));
    expect((await stage.report()).found).toEqual(["wrong-threshold a.yaml"]);
    // The way out that it names works.
    for (const verb of ["decrypt", "encrypt"])
      execFileSync("sops", [verb, "--in-place", "a.yaml"], {
        cwd: stage.repository.folder,
        env: stage.repository.env,
        stdio: "pipe",
      });
    expect((await stage.report()).found).toEqual([]);
  });

  test(".sops.yaml: names that sops ignores, with their line", async () => {
    stage.repository.write(
      ".sops.yaml",
      `creation_rules:\n  - age: ${stage.age}\n    hc_vault_uris: ${stage.vault.keyUri()}\n`,
    );
    stage.repository.encryptByRules("a.yaml", "password: x\n");
    stage.repository.commitAll();
    const { findings } = await stage.report();
    expect(findings).toEqual([
      {
        check: "sops-config",
        path: ".sops.yaml",
        line: 3,
        subject: "sops does not know hc_vault_uris and ignores it; did you mean hc_vault_transit_uri?",
        message: "sops does not know hc_vault_uris and ignores it; did you mean hc_vault_transit_uri?",
      },
    ]);
  });
});
