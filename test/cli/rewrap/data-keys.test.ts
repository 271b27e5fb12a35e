import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { readSopsFile } from "../../../cli/sops-file/read-sops-file";
import { OwnTemporary } from "./support/own-temporary";
import { rewrapIn } from "./support/rewrap-in";
import { SopsRepository, secret } from "./support/sops-repository";
import { SopsVault } from "./support/sops-vault";

const FILES: Readonly<Record<string, string>> = {
  "apps/a.yaml": `# kept\n${secret("a")}`,
  "b.json": '{"b": [1, true, "zwei"]}',
  "c.env": "C=1\n",
  "d.ini": "[d]\nD = 1\n",
  "e.bin": "bytes\n",
};
const PATHS = Object.keys(FILES);

describe("sopsloop rewrap --data-keys", () => {
  let vault: SopsVault;
  let repository: SopsRepository;
  let temporary: OwnTemporary;

  beforeAll(async () => {
    vault = await SopsVault.start();
  });
  afterAll(() => vault.stop());

  beforeEach(() => {
    repository = SopsRepository.create(vault.env());
    for (const [path, content] of Object.entries(FILES)) repository.encrypt(path, content, vault.keyUri());
    repository.commitAll();
    temporary = new OwnTemporary();
  });
  afterEach(() => {
    temporary.remove();
    repository.remove();
  });

  const mirrors = () => temporary.named("sopsloop-data-keys-");

  /** The data key itself, which only a test may look at. */
  async function dataKey(path: string): Promise<string> {
    const [recipient] = readSopsFile(path, repository.read(path))?.recipients ?? [];
    const opened = await vault.api.write("transit/decrypt/sops", { ciphertext: recipient?.wrapped ?? "" });
    return String(opened?.plaintext);
  }

  test("gives every file a new data key, at the current version, and the same values", async () => {
    const plain = PATHS.map((path) => repository.decrypt(path));
    const keys = await Promise.all(PATHS.map(dataKey));
    const version = await vault.rotate();
    const { code, out, err } = await rewrapIn(repository, ["--data-keys", "--commit"]);
    expect({ code, err, out: out.split(":")[0] }).toEqual({
      code: 0,
      err: "Making 5 data keys\nWriting 5 files\n",
      out: "Changed 5 of 5 sops files (new data keys)",
    });
    expect(PATHS.map((path) => repository.decrypt(path))).toEqual(plain);
    const fresh = await Promise.all(PATHS.map(dataKey));
    expect(new Set([...keys, ...fresh]).size).toBe(10);
    for (const path of PATHS) expect(repository.read(path)).toContain(`vault:v${version}:`);
    expect(repository.git("log", "-1", "--format=%s")).toBe("Make new data keys for 5 files");
    expect(repository.status()).toBe("");
    expect(mirrors()).toEqual([]);
  });

  test("--dry-run changes nothing", async () => {
    const { code, out } = await rewrapIn(repository, ["--data-keys", "--dry-run", "apps"]);
    expect({ code, out }).toEqual({
      code: 0,
      out: expect.stringMatching(
        /^Would change 1 of 1 sops file \(new data keys\): about \d+ lines, \d+ bytes\.\n$/,
      ),
    });
    expect(repository.status()).toBe("");
  });

  test("a file with an age recipient takes the recipients of its rule on the way", async () => {
    const identities = ["one", "two"].map((name) => {
      const file = join(repository.folder, ".git", name);
      execFileSync("age-keygen", ["-o", file], { stdio: "pipe" });
      return { file, recipient: /age1\w+/.exec(readFileSync(file, "utf8"))?.[0] ?? "" };
    });
    const rule = (index: number) =>
      `creation_rules:\n  - path_regex: \\.yaml$\n    hc_vault_transit_uri: ${vault.keyUri()}\n    age: ${identities[index]?.recipient}\n`;
    repository.write(".sops.yaml", rule(0));
    repository.encryptByRules("apps/both.yaml", secret("both"));
    repository.write(".sops.yaml", rule(1));
    repository.commitAll();
    expect((await rewrapIn(repository, ["--data-keys", "apps/both.yaml"])).code).toBe(0);
    const read = readSopsFile("both.yaml", repository.read("apps/both.yaml"));
    expect(read?.recipients.filter(({ kind }) => kind === "age").map(({ key }) => key)).toEqual([
      identities[1]?.recipient,
    ]);
    // Whoever was taken out has the old data key, and it opens nothing any more.
    const noVault = { VAULT_TOKEN: "none" };
    const decryptedBy = (index: number) =>
      repository.with({ ...noVault, SOPS_AGE_KEY_FILE: identities[index]?.file }).decrypt("apps/both.yaml");
    expect(decryptedBy(1)).toContain("alpha-both");
    expect(() => decryptedBy(0)).toThrow("Failed to get the data key");
  });

  test("17. one file that does not open, and nothing is changed", async () => {
    const content = repository.read("apps/a.yaml");
    repository.write("apps/tampered.yaml", content.replace(/(alpha: ENC\[AES256_GCM,data:)[^,]+/, "$1AAAA"));
    repository.commitAll();
    const { code, out, err } = await rewrapIn(repository, ["--data-keys"]);
    expect({ code, out }).toEqual({ code: 1, out: "Nothing was changed: 1 failure.\n" });
    expect(err).toMatch(/\nsopsloop: apps\/tampered\.yaml: sops decrypt failed \(exit \d+\): .+\n$/);
    expect(repository.status()).toBe("");
    expect(mirrors()).toEqual([]);
  });

  test("without sops on PATH it says so", async () => {
    const { code, err } = await rewrapIn(repository, ["--data-keys", "b.json"], { PATH: "/usr/bin:/bin" });
    expect({ code, err: err.split("\n").at(-2) }).toEqual({
      code: 1,
      err: "sopsloop: b.json: sops is not on PATH; --data-keys needs it (sops 3.13.3 or newer)",
    });
  });

  test("an identity that may not decrypt is told", async () => {
    const { code, err } = await rewrapIn(repository, ["--data-keys", "b.json"], {
      VAULT_TOKEN: await vault.token("pipeline", "status"),
    });
    expect(code).toBe(1);
    expect(err).toMatch(/sopsloop: b\.json: sops decrypt failed \(exit 128\): .*permission denied/);
    expect(repository.status()).toBe("");
  });
});
