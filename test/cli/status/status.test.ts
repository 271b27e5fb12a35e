import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { main } from "../../../cli/program";
import { recordedIo } from "../rewrap/support/recorded-io";
import { secret } from "../rewrap/support/sops-repository";
import { statusStage } from "./support/status-stage";

const stage = statusStage();

describe("sopsloop status", () => {
  test("13. every format of sops, before and after the key rotates, by an identity that cannot decrypt", async () => {
    stage.rules({ hc_vault_transit_uri: stage.vault.keyUri() });
    stage.repository.encryptByRules("a.yaml", "password: x\n---\npassword: y\n");
    stage.repository.encryptByRules("b.json", '{"password": "x"}');
    stage.repository.encryptByRules("c.env", "PASSWORD=x\n");
    stage.repository.encryptByRules("d.ini", "[a]\npassword = x\n");
    stage.repository.encryptByRules("e.pfx", "\u0001\u0002");
    stage.repository.write("plain.md", "hello\n");
    stage.repository.commitAll();
    const before = await stage.report();
    expect(before).toMatchObject({
      code: 0,
      found: [],
      summary: { files: 5, fresh: 5, stale: 0, unknown: 0 },
    });
    expect(before.files.map(({ path, format }) => [path, format])).toEqual([
      ["a.yaml", "yaml"],
      ["b.json", "json"],
      ["c.env", "dotenv"],
      ["d.ini", "ini"],
      ["e.pfx", "binary"],
    ]);
    const from = before.keys[0]?.current ?? "";

    const to = String(await stage.vault.rotate());
    const after = await stage.report();
    expect(after).toMatchObject({ code: 1, summary: { files: 5, fresh: 0, stale: 5, findings: 5 } });
    expect(after.keys).toEqual([
      { kind: "hc_vault", key: stage.vault.keyUri(), current: to, oldestUsable: "1", files: { [from]: 5 } },
    ]);
    expect(stage.repository.status()).toBe("");

    const { code, out } = await stage.run();
    expect(code).toBe(1);
    expect(out).toContain("5 files: 0 fresh, 5 stale; 5 findings");
    expect(out).toContain(`1 version behind: version ${from} of ${stage.vault.keyUri()}, current is ${to}`);
  });

  test("a clean tree, and only what a path names", async () => {
    stage.repository.encryptByRules("apps/a.sops.yaml", secret("a"));
    stage.repository.encryptByRules("other/b.sops.yaml", secret("b"));
    stage.repository.write("other/c.yaml", secret("c"));
    stage.repository.commitAll();
    expect(await stage.report("apps")).toMatchObject({ code: 0, summary: { files: 1, fresh: 1 } });
    expect(await stage.report("other/b.sops.yaml")).toMatchObject({ code: 0, summary: { files: 1 } });
    expect((await stage.report()).found).toEqual(["plaintext-secret other/c.yaml"]);
    expect((await stage.run(["."], {}, "apps")).code).toBe(0);
    // Where one stands does not matter without a path: the whole work tree counts.
    expect((await stage.run([], {}, "apps")).code).toBe(1);
  });

  test("a tree without encrypted files says so", async () => {
    stage.repository.commitAll();
    expect(await stage.run([], { VAULT_TOKEN: undefined })).toEqual({
      code: 0,
      out: "no files encrypted by sops; nothing found\n",
      err: "",
    });
  });

  test("code quality for GitLab", async () => {
    stage.repository.write("a.yaml", secret("a"));
    stage.repository.commitAll();
    expect((await stage.run(["--code-quality", "report.json"])).code).toBe(1);
    const [issue] = JSON.parse(stage.repository.read("report.json"));
    expect(issue).toMatchObject({
      check_name: "sopsloop/plaintext-secret",
      severity: "blocker",
      location: { path: "a.yaml", lines: { begin: 1 } },
    });
    expect(await stage.run(["--code-quality", "no/such/folder.json"])).toMatchObject({ code: 2, out: "" });
  });

  test("keys that cannot be asked about are never fresh", async () => {
    await stage.vault.newKey("secret-one");
    stage.rules({ hc_vault_transit_uri: stage.vault.keyUri("secret-one") });
    stage.repository.encryptByRules("a.yaml", "password: x\n");
    stage.repository.commitAll();
    const { code, findings, summary } = await stage.report();
    expect({ code, summary }).toMatchObject({ code: 1, summary: { files: 1, fresh: 0, unknown: 1 } });
    expect(findings[0]?.message).toContain('its policy needs "read" on transit/keys/secret-one');
    const foreign = await stage.run([], { VAULT_ADDR: "https://elsewhere.example:8200" });
    expect(foreign.code).toBe(1);
    expect(foreign.out).toContain("so the token is not sent there");
  });

  test("wrong usage: its own line, and exit code 2", async () => {
    stage.repository.encryptByRules("a.sops.yaml", secret("a"));
    stage.repository.commitAll();
    expect(await stage.run(["nowhere"])).toMatchObject({
      code: 2,
      err: "sopsloop: nowhere: no such file or folder\n",
    });
    expect(await stage.run([], { VAULT_TOKEN: undefined })).toMatchObject({
      code: 2,
      err: expect.stringContaining("no Vault token"),
    });
    expect((await stage.run(["--nothing"])).code).toBe(2);
    const bare = mkdtempSync(join(tmpdir(), "sopsloop-bare-"));
    try {
      const io = recordedIo(bare, stage.repository.env);
      expect(await main(["status"], io)).toBe(2);
      expect(io.err).toContain("no git work tree");
    } finally {
      rmSync(bare, { recursive: true, force: true });
    }
    expect(readFileSync(join(stage.repository.folder, "a.sops.yaml"), "utf8")).toContain("ENC[");
  });
});
