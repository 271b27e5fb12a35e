import { symlinkSync, unlinkSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { stringify } from "yaml";
import { secret } from "../rewrap/support/sops-repository";
import { statusStage } from "./support/status-stage";

const stage = statusStage();

describe("sopsloop status", () => {
  test("what lies in the clear, is torn, or is none of git's files", async () => {
    stage.repository.encryptByRules("good.sops.yaml", secret("good"));
    stage.repository.encryptByRules("torn.sops.yaml", secret("torn"));
    stage.repository.write(
      "torn.sops.yaml",
      stage.repository.read("torn.sops.yaml").replace(/sops:[\s\S]*/, ""),
    );
    stage.repository.encryptByRules("cut.sops.json", '{"data": {"a": "b"}}');
    stage.repository.write("cut.sops.json", stage.repository.read("cut.sops.json").slice(0, -40));
    stage.repository.encryptByRules("merged.sops.yaml", secret("merged"));
    stage.repository.write(
      "merged.sops.yaml",
      `<<<<<<< ours\n${stage.repository.read("merged.sops.yaml")}>>>>>>> theirs\n`,
    );
    stage.repository.write("empty.sops.yaml", "");
    stage.repository.write("forgotten.sops.env", "data=x\n");
    stage.repository.write("readable.yaml", secret("readable"));
    stage.repository.encryptByRules("edited.sops.yaml", secret("edited"));
    stage.repository.write(
      "edited.sops.yaml",
      stage.repository.read("edited.sops.yaml").replace(/alpha: ENC.*/, "alpha: hunter2"),
    );
    stage.repository.write("deleted.sops.yaml", "stringData: {a: b}\n");
    symlinkSync("readable.yaml", join(stage.repository.folder, "link.sops.yaml"));
    stage.repository.commitAll();
    stage.repository.git(
      "-c",
      "protocol.file.allow=always",
      "submodule",
      "--quiet",
      "add",
      stage.repository.folder,
      "inner",
    );
    stage.repository.write("untracked.yaml", secret("untracked"));
    unlinkSync(join(stage.repository.folder, "deleted.sops.yaml"));
    const { found, skipped, findings } = await stage.report();
    expect(found).toEqual([
      "unreadable cut.sops.json",
      "unreadable empty.sops.yaml",
      "unreadable merged.sops.yaml",
      "unreadable torn.sops.yaml",
      "plaintext-secret edited.sops.yaml",
      "plaintext-secret readable.yaml",
      "not-encrypted forgotten.sops.env",
    ]);
    expect(skipped).toEqual([
      { path: "inner", why: "a submodule" },
      { path: "link.sops.yaml", why: "a symbolic link" },
    ]);
    expect(findings[4]?.message).toContain("Secret edited: stringData.alpha readable");
    expect(JSON.stringify(findings)).not.toContain("hunter2");
  });

  test("Flux: built without decryption, not built at all, and substituted", async () => {
    const kustomization = (name: string, spec: object) =>
      stringify({
        apiVersion: "kustomize.toolkit.fluxcd.io/v1",
        kind: "Kustomization",
        metadata: { name, namespace: "flux-system" },
        spec,
      });
    const decryption = { provider: "sops" };
    stage.repository.write("clusters/good.yaml", kustomization("good", { path: "./good", decryption }));
    stage.repository.write("clusters/bad.yaml", kustomization("bad", { path: "bad" }));
    stage.repository.write(
      "clusters/vars.yaml",
      kustomization("vars", { path: "vars", decryption, postBuild: { substitute: {} } }),
    );
    stage.repository.write("good/kustomization.yaml", "resources: [a.sops.yaml, ../base]\n");
    for (const path of ["good/a", "good/unlisted", "base/b", "bad/c", "vars/d"])
      stage.repository.encryptByRules(`${path}.sops.yaml`, secret("s"));
    stage.repository.write("base/kustomization.yaml", "resources: [b.sops.yaml]\n");
    stage.rules({
      path_regex: "\\.sops\\.",
      encrypted_regex: "^data$",
      hc_vault_transit_uri: stage.vault.keyUri(),
    });
    stage.repository.encryptByRules("vars/e.sops.yaml", `${secret("e")}  url: https://\${HOST}/\n`);
    stage.rules({
      path_regex: "\\.sops\\.",
      encrypted_regex: "^(data|stringData)$",
      hc_vault_transit_uri: stage.vault.keyUri(),
    });
    stage.repository.commitAll();
    const { found } = await stage.report();
    expect(found.filter((line) => !/settings|plaintext/.test(line))).toEqual([
      "no-decryption bad/c.sops.yaml",
      "no-decryption good/unlisted.sops.yaml",
      "substituted vars/e.sops.yaml",
    ]);
  });
});
