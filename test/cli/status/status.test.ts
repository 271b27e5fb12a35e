import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, symlinkSync, unlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { stringify } from "yaml";
import { main } from "../../../cli/program";
import { type StatusReport, statusReport } from "../../../cli/status/report-schema";
import { recordedIo } from "../rewrap/support/recorded-io";
import { SopsRepository, secret } from "../rewrap/support/sops-repository";
import { SopsVault } from "../rewrap/support/sops-vault";

describe("sopsloop status", () => {
  let vault: SopsVault;
  let token: string;
  let repository: SopsRepository;
  let age: string;

  beforeAll(async () => {
    vault = await SopsVault.start();
    token = await vault.token("status");
    age = /public key: (\S+)/.exec(execFileSync("age-keygen", { stdio: "pipe" }).toString("utf8"))?.[1] ?? "";
  });
  afterAll(() => vault.stop());
  beforeEach(() => {
    repository = SopsRepository.create(vault.env());
    rules({
      path_regex: "\\.sops\\.",
      encrypted_regex: "^(data|stringData)$",
      hc_vault_transit_uri: vault.keyUri(),
    });
  });
  afterEach(() => repository.remove());

  const rules = (...creation_rules: object[]) =>
    repository.write(".sops.yaml", stringify({ creation_rules }));

  /** Encrypts as the tree's own rules say. */
  const encrypt = (path: string, content: string) => {
    repository.write(path, content);
    execFileSync("sops", ["encrypt", "--in-place", path], {
      cwd: repository.folder,
      env: repository.env,
      stdio: "pipe",
    });
  };

  /** With a token that may read the key, and nothing else. */
  const run = async (
    words: readonly string[] = [],
    changes: Record<string, string | undefined> = {},
    cwd = "",
  ) => {
    const env = { ...repository.env, VAULT_TOKEN: token, ...changes };
    const io = recordedIo(join(repository.folder, cwd), env);
    const code = await main(["status", ...words], io);
    return { code, out: io.out, err: io.err };
  };

  const report = async (...words: string[]): Promise<StatusReport & { code: number; found: string[] }> => {
    const { code, out } = await run(["--json", ...words]);
    const read = statusReport.parse(JSON.parse(out));
    return { ...read, code, found: read.findings.map(({ check, path }) => `${check} ${path}`) };
  };

  test("every format of sops, before and after the key rotates, by an identity that cannot decrypt", async () => {
    rules({ hc_vault_transit_uri: vault.keyUri() });
    encrypt("a.yaml", "password: x\n---\npassword: y\n");
    encrypt("b.json", '{"password": "x"}');
    encrypt("c.env", "PASSWORD=x\n");
    encrypt("d.ini", "[a]\npassword = x\n");
    encrypt("e.pfx", "\u0001\u0002");
    repository.write("plain.md", "hello\n");
    repository.commitAll();
    const before = await report();
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

    const to = String(await vault.rotate());
    const after = await report();
    expect(after).toMatchObject({ code: 1, summary: { files: 5, fresh: 0, stale: 5, findings: 5 } });
    expect(after.keys).toEqual([
      { kind: "hc_vault", key: vault.keyUri(), current: to, oldestUsable: "1", files: { [from]: 5 } },
    ]);
    expect(repository.status()).toBe("");

    const { code, out } = await run();
    expect(code).toBe(1);
    expect(out).toContain("5 files: 0 fresh, 5 stale; 5 findings");
    expect(out).toContain(`1 version behind: version ${from} of ${vault.keyUri()}, current is ${to}`);
  });

  test("a clean tree, and only what a path names", async () => {
    encrypt("apps/a.sops.yaml", secret("a"));
    encrypt("other/b.sops.yaml", secret("b"));
    repository.write("other/c.yaml", secret("c"));
    repository.commitAll();
    expect(await report("apps")).toMatchObject({ code: 0, summary: { files: 1, fresh: 1 } });
    expect(await report("other/b.sops.yaml")).toMatchObject({ code: 0, summary: { files: 1 } });
    expect((await report()).found).toEqual(["plaintext-secret other/c.yaml"]);
    expect((await run(["."], {}, "apps")).code).toBe(0);
    // Where one stands does not matter without a path: the whole work tree counts.
    expect((await run([], {}, "apps")).code).toBe(1);
  });

  test("a tree without encrypted files says so", async () => {
    repository.commitAll();
    expect(await run([], { VAULT_TOKEN: undefined })).toEqual({
      code: 0,
      out: "no files encrypted by sops; nothing found\n",
      err: "",
    });
  });

  test("recipients, settings and thresholds that are not the rule's any more", async () => {
    await vault.newKey("other");
    for (const name of ["a", "b", "uncovered"]) encrypt(`${name}.sops.yaml`, secret(name));
    rules(
      {
        path_regex: "^a",
        encrypted_regex: "^(data|stringData)$",
        hc_vault_transit_uri: vault.keyUri("other"),
        age,
      },
      {
        path_regex: "^b",
        encrypted_regex: "^stringData$",
        mac_only_encrypted: true,
        hc_vault_transit_uri: vault.keyUri(),
      },
    );
    encrypt("a2.sops.yaml", secret("a2"));
    repository.commitAll();
    const { found, findings } = await report();
    expect(found).toEqual([
      // Its token may not read that key.
      "unknown-version a2.sops.yaml",
      "wrong-recipients a.sops.yaml",
      "wrong-settings b.sops.yaml",
      "wrong-settings b.sops.yaml",
      "no-rule uncovered.sops.yaml",
    ]);
    expect(findings[1]?.message).toContain(
      `lacks ${age}, ${vault.keyUri("other")}; has ${vault.keyUri()} too many`,
    );
    expect(findings.map(({ subject }) => subject)).toContain("mac_only_encrypted");
  });

  test("key groups made by sops agree with their rule; a changed threshold is told", async () => {
    const group = { hc_vault: [vault.keyUri()] };
    const rule = (shamir_threshold: number) => ({
      shamir_threshold,
      key_groups: [group, { age: [age] }, { age: [age], ...group }],
    });
    rules(rule(2));
    encrypt("a.yaml", "password: x\n");
    repository.commitAll();
    expect((await report()).found).toEqual([]);
    rules(rule(3));
    expect((await report()).found).toEqual(["wrong-threshold a.yaml"]);
    // The way out that it names works.
    for (const verb of ["decrypt", "encrypt"])
      execFileSync("sops", [verb, "--in-place", "a.yaml"], {
        cwd: repository.folder,
        env: repository.env,
        stdio: "pipe",
      });
    expect((await report()).found).toEqual([]);
  });

  test("what lies in the clear, is torn, or is none of git's files", async () => {
    encrypt("good.sops.yaml", secret("good"));
    encrypt("torn.sops.yaml", secret("torn"));
    repository.write("torn.sops.yaml", repository.read("torn.sops.yaml").replace(/sops:[\s\S]*/, ""));
    encrypt("cut.sops.json", '{"data": {"a": "b"}}');
    repository.write("cut.sops.json", repository.read("cut.sops.json").slice(0, -40));
    encrypt("merged.sops.yaml", secret("merged"));
    repository.write(
      "merged.sops.yaml",
      `<<<<<<< ours\n${repository.read("merged.sops.yaml")}>>>>>>> theirs\n`,
    );
    repository.write("empty.sops.yaml", "");
    repository.write("forgotten.sops.env", "data=x\n");
    repository.write("readable.yaml", secret("readable"));
    encrypt("edited.sops.yaml", secret("edited"));
    repository.write(
      "edited.sops.yaml",
      repository.read("edited.sops.yaml").replace(/alpha: ENC.*/, "alpha: hunter2"),
    );
    repository.write("deleted.sops.yaml", "stringData: {a: b}\n");
    symlinkSync("readable.yaml", join(repository.folder, "link.sops.yaml"));
    repository.commitAll();
    repository.git(
      "-c",
      "protocol.file.allow=always",
      "submodule",
      "--quiet",
      "add",
      repository.folder,
      "inner",
    );
    repository.write("untracked.yaml", secret("untracked"));
    unlinkSync(join(repository.folder, "deleted.sops.yaml"));
    const { found, skipped, findings } = await report();
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

  test(".sops.yaml: names that sops ignores, with their line", async () => {
    repository.write(
      ".sops.yaml",
      `creation_rules:\n  - age: ${age}\n    hc_vault_uris: ${vault.keyUri()}\n`,
    );
    encrypt("a.yaml", "password: x\n");
    repository.commitAll();
    const { findings } = await report();
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

  test("Flux: built without decryption, not built at all, and substituted", async () => {
    const kustomization = (name: string, spec: object) =>
      stringify({
        apiVersion: "kustomize.toolkit.fluxcd.io/v1",
        kind: "Kustomization",
        metadata: { name, namespace: "flux-system" },
        spec,
      });
    const decryption = { provider: "sops" };
    repository.write("clusters/good.yaml", kustomization("good", { path: "./good", decryption }));
    repository.write("clusters/bad.yaml", kustomization("bad", { path: "bad" }));
    repository.write(
      "clusters/vars.yaml",
      kustomization("vars", { path: "vars", decryption, postBuild: { substitute: {} } }),
    );
    repository.write("good/kustomization.yaml", "resources: [a.sops.yaml, ../base]\n");
    for (const path of ["good/a", "good/unlisted", "base/b", "bad/c", "vars/d"])
      encrypt(`${path}.sops.yaml`, secret("s"));
    repository.write("base/kustomization.yaml", "resources: [b.sops.yaml]\n");
    rules({ path_regex: "\\.sops\\.", encrypted_regex: "^data$", hc_vault_transit_uri: vault.keyUri() });
    encrypt("vars/e.sops.yaml", `${secret("e")}  url: https://\${HOST}/\n`);
    rules({
      path_regex: "\\.sops\\.",
      encrypted_regex: "^(data|stringData)$",
      hc_vault_transit_uri: vault.keyUri(),
    });
    repository.commitAll();
    const { found } = await report();
    expect(found.filter((line) => !/settings|plaintext/.test(line))).toEqual([
      "no-decryption bad/c.sops.yaml",
      "no-decryption good/unlisted.sops.yaml",
      "substituted vars/e.sops.yaml",
    ]);
  });

  test("code quality for GitLab", async () => {
    repository.write("a.yaml", secret("a"));
    repository.commitAll();
    expect((await run(["--code-quality", "report.json"])).code).toBe(1);
    const [issue] = JSON.parse(repository.read("report.json"));
    expect(issue).toMatchObject({
      check_name: "sopsloop/plaintext-secret",
      severity: "blocker",
      location: { path: "a.yaml", lines: { begin: 1 } },
    });
    expect(await run(["--code-quality", "no/such/folder.json"])).toMatchObject({ code: 2, out: "" });
  });

  test("keys that cannot be asked about are never fresh", async () => {
    await vault.newKey("secret-one");
    rules({ hc_vault_transit_uri: vault.keyUri("secret-one") });
    encrypt("a.yaml", "password: x\n");
    repository.commitAll();
    const { code, findings, summary } = await report();
    expect({ code, summary }).toMatchObject({ code: 1, summary: { files: 1, fresh: 0, unknown: 1 } });
    expect(findings[0]?.message).toContain('its policy needs "read" on transit/keys/secret-one');
    const foreign = await run([], { VAULT_ADDR: "https://elsewhere.example:8200" });
    expect(foreign.code).toBe(1);
    expect(foreign.out).toContain("so the token is not sent there");
  });

  test("wrong usage: its own line, and exit code 2", async () => {
    encrypt("a.sops.yaml", secret("a"));
    repository.commitAll();
    expect(await run(["nowhere"])).toMatchObject({
      code: 2,
      err: "sopsloop: nowhere: no such file or folder\n",
    });
    expect(await run([], { VAULT_TOKEN: undefined })).toMatchObject({
      code: 2,
      err: expect.stringContaining("no Vault token"),
    });
    expect((await run(["--nothing"])).code).toBe(2);
    const bare = mkdtempSync(join(tmpdir(), "sopsloop-bare-"));
    try {
      const io = recordedIo(bare, repository.env);
      expect(await main(["status"], io)).toBe(2);
      expect(io.err).toContain("no git work tree");
    } finally {
      rmSync(bare, { recursive: true, force: true });
    }
    expect(readFileSync(join(repository.folder, "a.sops.yaml"), "utf8")).toContain("ENC[");
  });
});
