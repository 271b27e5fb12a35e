import { chmodSync, chownSync, readFileSync, statSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { rewrapIn } from "./support/rewrap-in";
import { SopsRepository, secret } from "./support/sops-repository";
import { SopsVault } from "./support/sops-vault";

const PLAIN: Readonly<Record<string, string>> = {
  "apps/a.yaml": `# kept\n${secret("a")}---\n# second document\nkind: Other\nlist:\n  - one\n  - {deep: "zwei ü"}\n`,
  "apps/b.yml": secret("b"),
  "c.json": '{"a": 1, "list": [true, null, "x"], "text": "ü"}',
  "d.env": "# kept\nA=1\nB=two words\n",
  "e.ini": "; kept\n[section]\nA = 1\n",
  "f.bin": "no format at all\n",
};

/** Lines that differ, as `-old` and `+new`. */
function diffOf(before: string, after: string): string[] {
  const [old, fresh] = [before.split("\n"), after.split("\n")];
  expect(fresh).toHaveLength(old.length);
  return old.flatMap((line, index) => (line === fresh[index] ? [] : [`-${line}`, `+${fresh[index]}`]));
}

describe("sopsloop rewrap", () => {
  let vault: SopsVault;
  let repository: SopsRepository;

  beforeAll(async () => {
    vault = await SopsVault.start();
  });
  afterAll(() => vault.stop());

  beforeEach(() => {
    repository = SopsRepository.create(vault.env());
    for (const [path, content] of Object.entries(PLAIN)) repository.encrypt(path, content, vault.keyUri());
    repository.write("README.md", "not sops\n");
    repository.commitAll();
  });
  afterEach(() => repository.remove());

  const paths = Object.keys(PLAIN);
  const contents = () => new Map(paths.map((path) => [path, repository.read(path)]));
  const opened = () => paths.map((path) => repository.decrypt(path));

  test("changes nothing but the wrapped data keys, in every format", async () => {
    const [before, plain] = [contents(), opened()];
    const version = await vault.rotate();
    const { code, out, err } = await rewrapIn(repository);
    expect({ code, err }).toEqual({ code: 0, err: "Rewrapping 6 data keys\nWriting 6 files\n" });
    expect(out.split("\n").slice(0, 2)).toEqual([
      expect.stringMatching(/^Changed 6 of 6 sops files \(rewrapped\): 7 lines, \d+ bytes\.$/),
      `  ${vault.keyUri()}  version ${version - 1} → ${version}  (6 files)`,
    ]);
    for (const [path, content] of before) {
      const differing = diffOf(content, repository.read(path));
      // Each document of a YAML file has sops's part.
      expect([path, differing]).toEqual([
        path,
        Array(path === "apps/a.yaml" ? 4 : 2).fill(expect.any(String)),
      ]);
      for (const line of differing) expect(line).toMatch(/enc.*vault:v\d+:/);
    }
    expect(opened()).toEqual(plain);
    expect(repository.status().split("\n")).toHaveLength(6);
  });

  test("15. a second run changes no byte", async () => {
    await vault.rotate();
    await rewrapIn(repository);
    const before = contents();
    const inodes = paths.map((path) => statSync(join(repository.folder, path)).ino);
    expect(await rewrapIn(repository)).toEqual({
      code: 0,
      out: "Every sops file is fresh (6): nothing to do.\n",
      err: "",
    });
    expect(contents()).toEqual(before);
    expect(paths.map((path) => statSync(join(repository.folder, path)).ino)).toEqual(inodes);
  });

  test("--dry-run tells what would change, and changes nothing", async () => {
    const before = contents();
    const version = await vault.rotate();
    const { code, out, err } = await rewrapIn(repository, ["--dry-run", "apps"]);
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(out).toMatch(
      new RegExp(
        `^Would change 2 of 2 sops files \\(rewrapped\\): 3 lines, \\d+ bytes\\.\n {2}${vault.keyUri()} {2}version ${version - 1} → ${version} {2}\\(2 files\\)\n$`,
      ),
    );
    expect(contents()).toEqual(before);
    const done = await rewrapIn(repository, ["apps"]);
    expect(done.out.replace("Changed", "Would change")).toBe(out);
  });

  test("takes files and folders relative to where it is called", async () => {
    await vault.rotate();
    const { code } = await rewrapIn(repository, ["apps/b.yml", "c.json"]);
    expect(code).toBe(0);
    expect(
      repository
        .status()
        .split("\n")
        .map((line) => line.trim()),
    ).toEqual(["M apps/b.yml", "M c.json"]);
  });

  test.each([
    ["nowhere", "sopsloop: nowhere: no such file or folder\n"],
    ["untracked.yaml", "sopsloop: untracked.yaml: holds no file that git tracks; git add it first\n"],
  ])("%s is wrong usage", async (path, line) => {
    repository.write("untracked.yaml", "a: b\n");
    expect(await rewrapIn(repository, ["apps", path])).toEqual({ code: 2, out: "", err: line });
  });

  test("every Vault key of a file is moved, in several groups too, and no other recipient", async () => {
    await vault.newKey("second");
    const uris = [vault.keyUri(), vault.keyUri("second")];
    repository.encrypt("both.yaml", secret("both"), ...uris);
    const groups = uris.map((uri) => `        - hc_vault:\n            - ${uri}\n`).join("");
    repository.write(".sops.yaml", `creation_rules:\n  - shamir_threshold: 2\n    key_groups:\n${groups}`);
    repository.encryptByRules("groups.yaml", secret("groups"));
    repository.commitAll();
    const before = ["both.yaml", "groups.yaml"].map((path) => repository.read(path));
    const plain = ["both.yaml", "groups.yaml"].map((path) => repository.decrypt(path));
    await vault.rotate();
    const version = await vault.rotate("second");
    const { code, out } = await rewrapIn(repository, ["both.yaml", "groups.yaml"]);
    expect(code).toBe(0);
    expect(out).toContain(`  ${vault.keyUri("second")}  version 1 → ${version}  (2 files)\n`);
    for (const [index, path] of ["both.yaml", "groups.yaml"].entries())
      expect(diffOf(before[index] ?? "", repository.read(path))).toHaveLength(4);
    expect(["both.yaml", "groups.yaml"].map((path) => repository.decrypt(path))).toEqual(plain);
  });

  test("modes stay, also those that no editor sets", async () => {
    const modes = [0o600, 0o755, 0o640, 0o644, 0o664, 0o400];
    for (const [index, path] of paths.entries()) chmodSync(join(repository.folder, path), modes[index] ?? 0);
    await vault.rotate();
    expect((await rewrapIn(repository)).code).toBe(0);
    expect(paths.map((path) => statSync(join(repository.folder, path)).mode & 0o777)).toEqual(modes);
  });

  test("owners stay, where the one who runs this may keep them", async () => {
    // Only root can give files away; for anyone else their own files stay their own.
    if (process.getuid?.() === 0) chownSync(join(repository.folder, "c.json"), 65534, 65534);
    const before = paths.map((path) => repository.ownerOf(path));
    await vault.rotate();
    expect((await rewrapIn(repository)).code).toBe(0);
    expect(paths.map((path) => repository.ownerOf(path))).toEqual(before);
  });

  test("a link within the tree is left as it is; its file is rewrapped once", async () => {
    symlinkSync("c.json", join(repository.folder, "link.json"));
    repository.commitAll();
    await vault.rotate();
    expect((await rewrapIn(repository)).out).toMatch(/^Changed 6 of 6 sops files/);
    expect(repository.git("ls-files", "--stage", "link.json")).toMatch(/^120000/);
    expect(readFileSync(join(repository.folder, "link.json"), "latin1")).toBe(repository.read("c.json"));
    expect(repository.status()).not.toContain("link.json");
  });

  test("odd file names are no obstacle", async () => {
    const odd = [
      "-n.yaml",
      "with space.yaml",
      "wïth \"quotes'.yaml",
      "tab\there.yaml",
      "line\nbreak.yaml",
      ":(top).yaml",
    ];
    const content = repository.read("apps/b.yml");
    for (const path of odd) repository.write(path, content);
    repository.commitAll();
    await vault.rotate();
    const { code, out } = await rewrapIn(repository, ["--commit"]);
    expect({ code, out }).toEqual({ code: 0, out: expect.stringMatching(/^Changed 12 of 12/) });
    expect(repository.status()).toBe("");
  });

  test("--json tells all of it", async () => {
    const version = await vault.rotate();
    const { code, out } = await rewrapIn(repository, ["--json", "--commit", "c.json"]);
    expect(code).toBe(0);
    expect(JSON.parse(out)).toEqual({
      schema: "sopsloop.rewrap/1",
      dryRun: false,
      dataKeys: false,
      summary: { files: 1, changed: 1, lines: 1, bytes: expect.any(Number) },
      keys: [
        { kind: "hc_vault", key: vault.keyUri(), from: [String(version - 1)], to: String(version), files: 1 },
      ],
      paths: ["c.json"],
      failures: [],
      notes: [],
      commit: repository.git("rev-parse", "HEAD"),
    });
  });

  test("with the pipeline's own policy it works, and decrypting is refused by Vault", async () => {
    const plain = opened();
    const env = vault.env(await vault.token("pipeline"));
    await vault.rotate();
    expect((await rewrapIn(repository, [], env)).out).toMatch(/^Changed 6 of 6 sops files/);
    expect(opened()).toEqual(plain);
    const asPipeline = repository.with(env);
    expect(() => asPipeline.decrypt("c.json")).toThrow(/403|permission denied/);
  });

  test("two Vaults in one tree, both named by .sops.yaml", async () => {
    const other = await SopsVault.start();
    try {
      // One CA file for both; one token that both know.
      const token = await vault.newToken({ id: "shared-by-both", policies: ["root"] });
      await other.newToken({ id: "shared-by-both", policies: ["root"] });
      repository.write("both.pem", readFileSync(vault.ca, "utf8") + readFileSync(other.ca, "utf8"));
      const env = {
        VAULT_TOKEN: token,
        VAULT_CACERT: join(repository.folder, "both.pem"),
        VAULT_ADDR: undefined,
      };
      const both = repository.with(env);
      both.encrypt("two.yaml", secret("two"), vault.keyUri(), other.keyUri());
      repository.write(
        ".sops.yaml",
        `creation_rules:\n  - hc_vault_transit_uri: ${vault.keyUri()},${other.keyUri()}\n`,
      );
      repository.commitAll();
      await other.rotate();
      expect((await rewrapIn(repository, [], env)).out).toMatch(/^Changed 1 of 7 sops files/);
      await vault.rotate();
      expect((await rewrapIn(repository, [], env)).out).toMatch(/^Changed 7 of 7 sops files/);
      expect(both.decrypt("two.yaml")).toContain("alpha-two");
      const untold = await rewrapIn(repository, ["two.yaml"], { ...env, VAULT_ADDR: vault.address });
      expect(untold).toEqual({
        code: 1,
        out: "Nothing was changed: 1 failure.\n",
        err: `sopsloop: two.yaml: ${other.address}: a file names this Vault, but VAULT_ADDR is ${vault.address}, so the token is not sent there; if it is yours: SOPS_HC_VAULT_ALLOWLIST=${vault.address},${other.address}\n`,
      });
    } finally {
      await other.stop();
    }
  });
});
