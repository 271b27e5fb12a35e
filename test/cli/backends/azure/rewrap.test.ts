import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { secret } from "../../rewrap/support/sops-repository";
import { AzureRepository, diffOf } from "./support/azure-repository";
import { EmulatedAzure } from "./support/emulated-azure";
import type { EmulatedKey } from "./support/emulated-key";

const PLAIN: Readonly<Record<string, string>> = {
  "apps/a.yaml": `# kept\n${secret("a")}---\n# second document\nkind: Other\nlist:\n  - one\n  - {deep: "zwei ü"}\n`,
  "apps/b.yml": secret("b"),
  "c.json": '{"a": 1, "list": [true, null, "x"], "text": "ü"}',
  "d.env": "# kept\nA=1\nB=two words\n",
  "e.ini": "; kept\n[section]\nA = 1\n",
  "f.bin": "no format at all\n",
};
const PATHS = Object.keys(PLAIN);

let azure: EmulatedAzure;
let repository: AzureRepository;
let key: EmulatedKey;

beforeAll(async () => {
  azure = await EmulatedAzure.start();
});
afterAll(() => azure.stop());
beforeEach(async () => {
  vi.stubEnv("HTTPS_PROXY", azure.proxyAddress);
  key = await azure.newKey();
  repository = await AzureRepository.create(azure);
  repository.rules({ azure_keyvault: key.url });
});
afterEach(() => {
  vi.unstubAllEnvs();
  repository.git.remove();
});

async function encryptAll(): Promise<void> {
  for (const [path, content] of Object.entries(PLAIN)) await repository.encrypt(path, content);
  repository.git.commitAll();
}

const contents = () => new Map(PATHS.map((path) => [path, repository.git.read(path)]));
const opened = () => Promise.all(PATHS.map((path) => repository.decrypt(path)));

describe("files of the real sops", () => {
  test("change three lines each, in every format, and open to the same bytes", async () => {
    await encryptAll();
    const [before, plain, old] = [contents(), await opened(), key.current];
    const fresh = await key.rotate();
    const { code, out, err } = await repository.call("rewrap", ["rewrap"]);
    expect({ code, err }).toEqual({ code: 0, err: "Rewrapping 6 data keys\nWriting 6 files\n" });
    expect(out.split("\n").slice(0, 2)).toEqual([
      expect.stringMatching(/^Changed 6 of 6 sops files \(rewrapped\): 21 lines, \d+ bytes\.$/),
      `  ${key.url}  version ${old} → ${fresh}  (6 files)`,
    ]);
    for (const [path, content] of before) {
      const differing = diffOf(content, repository.git.read(path));
      // Each document of a YAML file has sops's part.
      expect(differing, path).toHaveLength(path === "apps/a.yaml" ? 6 : 3);
      const names = differing.map(([line]) => /(created_at|enc|version)"?\s*[:=]/.exec(line)?.[1]);
      expect(new Set(names), path).toEqual(new Set(["created_at", "enc", "version"]));
    }
    expect(await opened()).toEqual(plain);
    for (const [recipient] of PATHS.map((path) => repository.recipients(path))) {
      expect(recipient?.version).toBe(fresh);
      expect(recipient?.fields.created_at).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    }
  });

  test("are as sops itself would have them: it finds nothing left to do", async () => {
    await encryptAll();
    await key.rotate();
    await repository.call("rewrap", ["rewrap"]);
    const before = contents();
    for (const path of PATHS) await repository.sops(["updatekeys", "-y", path]);
    expect(contents()).toEqual(before);
    // What sops does with a file is what was done here, but for the wrapped key, which is new each time.
    await repository.encrypt("twin.yaml", secret("twin"));
    repository.git.write("by-sops.yaml", repository.git.read("twin.yaml"));
    await key.rotate();
    await repository.sops(["updatekeys", "-y", "by-sops.yaml"]);
    repository.git.commitAll();
    await repository.call("rewrap", ["rewrap", "twin.yaml"]);
    const shape = (path: string) =>
      repository.git
        .read(path)
        .replace(/enc: [\w-]{342}\n/, "enc: X\n")
        .replace(/created_at: "[^"]+"/, "created_at: X");
    expect(shape("twin.yaml")).toBe(shape("by-sops.yaml"));
  });

  test("stay byte for byte in a second run, for which an identity is enough that may read the key", async () => {
    await encryptAll();
    await key.rotate();
    await repository.call("rewrap", ["rewrap"]);
    const before = contents();
    expect(await repository.call("status", ["rewrap"])).toEqual({
      code: 0,
      out: "Every sops file is fresh (6): nothing to do.\n",
      err: "",
    });
    expect(contents()).toEqual(before);
  });

  test("--dry-run tells what would change, and opens nothing", async () => {
    await encryptAll();
    const before = contents();
    await key.rotate();
    const dry = await repository.call("status", ["rewrap", "--dry-run"]);
    expect({ code: dry.code, err: dry.err }).toEqual({ code: 0, err: "" });
    expect(contents()).toEqual(before);
    expect((await repository.call("rewrap", ["rewrap"])).out.replace("Changed", "Would change")).toBe(
      dry.out,
    );
  });

  test("with several keys and in Shamir groups are moved, and no other recipient", async () => {
    const other = await azure.newKey(1);
    const identity = join(repository.git.folder, ".git", "age");
    execFileSync("age-keygen", ["-o", identity], { stdio: "pipe" });
    const age = /age1\w+/.exec(readFileSync(identity, "utf8"))?.[0] ?? "";
    const group = ({ url }: EmulatedKey) => ({
      azure_keyvault: [{ vaultUrl: url.split("/keys/")[0], key: url.split("/keys/")[1] }],
    });
    repository.rules(
      { path_regex: "both", azure_keyvault: `${key.url},${other.url}`, age },
      {
        path_regex: "groups",
        shamir_threshold: 2,
        key_groups: [{ ...group(key), age: [age] }, group(other)],
      },
    );
    const paths = ["both.yaml", "groups.yaml", "groups.json"];
    for (const path of paths)
      await repository.encrypt(path, path.endsWith("json") ? '{"a": "b"}' : secret("x"));
    repository.git.commitAll();
    const before = paths.map((path) => repository.git.read(path));
    const plain = await Promise.all(paths.map((path) => repository.decrypt(path)));
    const versions = [await key.rotate(), await other.rotate()];
    expect((await repository.call("rewrap", ["rewrap"])).code).toBe(0);
    for (const [index, path] of paths.entries()) {
      expect(diffOf(before[index] ?? "", repository.git.read(path)), path).toHaveLength(6);
      const moved = repository
        .recipients(path)
        .flatMap(({ kind, version }) => (kind === "azure_kv" ? version : []));
      expect(moved, path).toEqual(versions);
    }
    expect(await Promise.all(paths.map((path) => repository.decrypt(path)))).toEqual(plain);
    // Either key alone is enough.
    await other.remove();
    expect(await repository.decrypt("both.yaml")).toBe(plain[0]);
  });
});

describe("sopsloop status", () => {
  const report = async (...words: string[]) =>
    JSON.parse((await repository.call("status", ["status", "--json", ...words])).out);

  test("tells how far files are behind, and needs no more than to read the key", async () => {
    await repository.encrypt("old.yaml", secret("old"));
    const old = key.current;
    const middle = await key.rotate();
    await repository.encrypt("older.yaml", secret("older"));
    const current = await key.rotate();
    await repository.encrypt("fresh.yaml", secret("fresh"));
    repository.git.commitAll();
    const found = await report();
    expect(
      found.files.map(({ path, state, behind }: Record<string, unknown>) => [path, state, behind]),
    ).toEqual([
      ["fresh.yaml", "fresh", 0],
      ["old.yaml", "stale", 2],
      ["older.yaml", "stale", 1],
    ]);
    expect(found.keys).toEqual([
      {
        kind: "azure_kv",
        key: key.url,
        current,
        older: [old, middle],
        files: { [current]: 1, [old]: 1, [middle]: 1 },
      },
    ]);
    expect(found.findings[0].message).toBe(
      `2 versions behind: version ${old} of ${key.url}, current is ${current}; run sopsloop rewrap`,
    );
  });

  test("tells versions that are disabled, and keys that have expired", async () => {
    const expired = await azure.newKey();
    repository.rules({ path_regex: "expired", azure_keyvault: expired.url }, { azure_keyvault: key.url });
    await repository.encrypt("a.yaml", secret("a"));
    await repository.encrypt("expired.yaml", secret("b"));
    repository.git.commitAll();
    const old = key.current;
    const current = await key.rotate();
    await key.change(old, { enabled: false });
    await expired.change(expired.current, { exp: 1767225600 });
    const { findings, summary } = await report();
    expect(summary).toMatchObject({ files: 2, fresh: 1, stale: 1, findings: 2 });
    const enable = `az keyvault key set-attributes --id ${key.url}/${old} --enabled true`;
    expect(findings.map(({ check, message }: Record<string, string>) => [check, message])).toEqual([
      ["unusable", `version ${old} of ${key.url}, current is ${current}; it is disabled: ${enable}`],
      [
        "expired",
        `version ${expired.current} of ${expired.url} has expired (2026-01-01T00:00Z); rotate the key`,
      ],
    ]);
    const ran = await repository.call("rewrap", ["rewrap"]);
    expect({ code: ran.code, out: ran.out, err: ran.err.split("\n").at(-2) }).toEqual({
      code: 1,
      out: "Nothing was changed: 1 failure.\n",
      err: `sopsloop: a.yaml: its data key does not open: version ${old} of ${key.url} is disabled; ${enable}`,
    });
    expect(repository.git.status()).toBe("");
    // What has expired still opens.
    expect(await repository.decrypt("expired.yaml")).toContain("alpha-b");
  });

  test("a rule that pins a version keeps its files there, and is told", async () => {
    const pinned = key.current;
    repository.rules(
      { path_regex: "pinned", azure_keyvault: `${key.url}/${pinned}` },
      { azure_keyvault: `${key.url}/` },
    );
    await repository.encrypt("pinned.yaml", secret("pinned"));
    await repository.encrypt("free.yaml", secret("free"));
    repository.git.commitAll();
    const current = await key.rotate();
    const { findings } = await report("pinned.yaml");
    expect(findings.map(({ message }: Record<string, string>) => message)).toEqual([
      `1 version behind: version ${pinned} of ${key.url}, current is ${current}; .sops.yaml:2 pins version ${pinned}: take it out of the rule`,
    ]);
    const { code, err } = await repository.call("rewrap", ["rewrap"]);
    expect({ code, status: repository.git.status() }).toEqual({ code: 0, status: " M free.yaml" });
    expect(err).toContain(
      `sopsloop: note: .sops.yaml:2 pins version ${pinned} of ${key.url}, so that 1 file cannot follow the key; take the version out of the rule\n`,
    );
  });
});

describe("a job", () => {
  test("has its ID token in a file, too", async () => {
    await encryptAll();
    await key.rotate();
    const file = repository.git.env.AZURE_FEDERATED_TOKEN_FILE;
    const env = { AZURE_FEDERATED_TOKEN_FILE: file, AZURE_ID_TOKEN: undefined };
    const { code } = await repository.call("rewrap", ["rewrap", "--commit"], env);
    expect({ code, status: repository.git.status() }).toEqual({ code: 0, status: "" });
  });

  test("makes new data keys by sops, which gets the ID token in a file of its own", async () => {
    await encryptAll();
    const plain = await opened();
    const dataKeyOf = async (path: string) => {
      const [recipient] = repository.recipients(path);
      return recipient && key.open(recipient);
    };
    const before = await Promise.all(PATHS.map(dataKeyOf));
    const current = await key.rotate();
    const { code, err } = await repository.call("everything", ["rewrap", "--data-keys"]);
    expect({ code, err }).toEqual({ code: 0, err: "Making 6 data keys\nWriting 6 files\n" });
    expect(await opened()).toEqual(plain);
    const after = await Promise.all(PATHS.map(dataKeyOf));
    expect(new Set([...before, ...after].map((dataKey) => dataKey?.toString("hex"))).size).toBe(12);
    for (const path of PATHS) expect(repository.recipients(path)[0]?.version, path).toBe(current);
    expect(readdirSync(tmpdir()).filter((name) => name.startsWith("sopsloop-id-token-"))).toEqual([]);
  });

  test.each([
    [
      "another branch",
      { sub: "project_path:platform/deploy:ref_type:branch:ref:feature" },
      /no federated credential of the identity has this ID token's issuer and subject; .*\(AADSTS700213\)$/,
    ],
    ["another audience", { aud: "https://gitlab.example.com" }, /ID token's audience; .*\(AADSTS700212\)$/],
    [
      "a token that has ended",
      { exp: 1767225600 },
      /outside of the time for which it holds; .*\(AADSTS700024\)$/,
    ],
  ])("of %s gets no token, and is told why", async (_, claims, line) => {
    await repository.encrypt("a.yaml", secret("a"));
    repository.git.commitAll();
    const { code, out, err } = await repository.call("rewrap", ["rewrap"], {
      AZURE_ID_TOKEN: await azure.idToken(claims),
    });
    expect({ code, out }).toEqual({ code: 1, out: "" });
    expect(err.trimEnd()).toMatch(line);
    expect(err).not.toContain("eyJ");
  });

  test("that may not decrypt is told which right it lacks, and so is one that may not read", async () => {
    await repository.encrypt("a.yaml", secret("a"));
    repository.git.commitAll();
    await key.rotate();
    const name = key.url.split("/").at(-1);
    const vault = key.url.split("/keys/")[0];
    const lacks = (verb: string, action: string) =>
      `${vault} does not let this identity ${verb} by ${name}: it needs Microsoft.KeyVault/vaults/keys/${action} on the key, as Key Vault Crypto User has it (ForbiddenByRbac)\n`;
    expect((await repository.call("status", ["rewrap"])).err).toBe(
      `Rewrapping 1 data key\nsopsloop: a.yaml: its data key does not open: ${lacks("decrypt", "decrypt/action")}`,
    );
    expect((await repository.call("flux", ["rewrap"])).err).toBe(
      `sopsloop: a.yaml: ${lacks("read", "read")}`,
    );
  });

  test("without an identity is told so, and moves Vault's keys alone where it is asked to", async () => {
    await encryptAll();
    await key.rotate();
    const none = { AZURE_ID_TOKEN: undefined, AZURE_TOKEN_CREDENTIALS: "WorkloadIdentityCredential" };
    expect(await repository.call("rewrap", ["rewrap"], none)).toEqual({
      code: 2,
      out: "",
      err: "sopsloop: no Azure identity: a CI job has AZURE_ID_TOKEN, AZURE_CLIENT_ID and AZURE_TENANT_ID, a person runs `az login`\n",
    });
    const { code, err } = await repository.call("rewrap", ["rewrap", "--only", "hc_vault"], none);
    expect({ code, err }).toEqual({
      code: 0,
      err: "sopsloop: note: 6 files also with azure_kv keys, which --only leaves alone\n",
    });
    expect((await repository.call("rewrap", ["rewrap", "--only", "age"])).code).toBe(2);
  });

  test("shows a data key and a token nowhere", async () => {
    await encryptAll();
    const dataKeys = await Promise.all(
      PATHS.flatMap((path) => repository.recipients(path)).map((recipient) => key.open(recipient)),
    );
    await key.rotate();
    const ran = await repository.call("rewrap", ["rewrap", "--json"]);
    expect(ran.code).toBe(0);
    const shown = ran.out + ran.err + [...contents().values()].join("");
    for (const dataKey of dataKeys) {
      expect(dataKey).toHaveLength(32);
      for (const encoding of ["base64", "base64url", "hex", "latin1"] as const)
        expect(shown.includes(dataKey.toString(encoding))).toBe(false);
    }
    expect(ran.out + ran.err).not.toContain("eyJ");
  });
});
