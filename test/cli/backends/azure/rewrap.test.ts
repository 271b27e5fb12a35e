import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { secret } from "../../rewrap/support/sops-repository";
import { diffOf } from "./support/azure-repository";
import { azureStage } from "./support/azure-stage";
import type { EmulatedKey } from "./support/emulated-key";
import { contents, encryptAll, opened, PATHS } from "./support/every-format";

const stage = azureStage();

describe("files of the real sops", () => {
  test("change three lines each, in every format, and open to the same bytes", async () => {
    await encryptAll(stage.repository);
    const [before, plain, old] = [
      contents(stage.repository),
      await opened(stage.repository),
      stage.key.current,
    ];
    const fresh = await stage.key.rotate();
    const { code, out, err } = await stage.repository.call("rewrap", ["rewrap"]);
    expect({ code, err }).toEqual({ code: 0, err: "Rewrapping 6 data keys\nWriting 6 files\n" });
    expect(out.split("\n").slice(0, 2)).toEqual([
      expect.stringMatching(/^Changed 6 of 6 sops files \(rewrapped\): 21 lines, \d+ bytes\.$/),
      `  ${stage.key.url}  version ${old} → ${fresh}  (6 files)`,
    ]);
    for (const [path, content] of before) {
      const differing = diffOf(content, stage.repository.git.read(path));
      // Each document of a YAML file has sops's part.
      expect(differing, path).toHaveLength(path === "apps/a.yaml" ? 6 : 3);
      const names = differing.map(([line]) => /(created_at|enc|version)"?\s*[:=]/.exec(line)?.[1]);
      expect(new Set(names), path).toEqual(new Set(["created_at", "enc", "version"]));
    }
    expect(await opened(stage.repository)).toEqual(plain);
    for (const [recipient] of PATHS.map((path) => stage.repository.recipients(path))) {
      expect(recipient?.version).toBe(fresh);
      expect(recipient?.fields.created_at).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    }
  });

  test("are as sops itself would have them: it finds nothing left to do", async () => {
    await encryptAll(stage.repository);
    await stage.key.rotate();
    await stage.repository.call("rewrap", ["rewrap"]);
    const before = contents(stage.repository);
    for (const path of PATHS) await stage.repository.sops(["updatekeys", "-y", path]);
    expect(contents(stage.repository)).toEqual(before);
    // What sops does with a file is what was done here, but for the wrapped key, which is new each time.
    await stage.repository.encrypt("twin.yaml", secret("twin"));
    stage.repository.git.write("by-sops.yaml", stage.repository.git.read("twin.yaml"));
    await stage.key.rotate();
    await stage.repository.sops(["updatekeys", "-y", "by-sops.yaml"]);
    stage.repository.git.commitAll();
    await stage.repository.call("rewrap", ["rewrap", "twin.yaml"]);
    const shape = (path: string) =>
      stage.repository.git
        .read(path)
        .replace(/enc: [\w-]{342}\n/, "enc: X\n")
        .replace(/created_at: "[^"]+"/, "created_at: X");
    expect(shape("twin.yaml")).toBe(shape("by-sops.yaml"));
  });

  test("15. stay byte for byte in a second run, for which an identity is enough that may read the key", async () => {
    await encryptAll(stage.repository);
    await stage.key.rotate();
    await stage.repository.call("rewrap", ["rewrap"]);
    const before = contents(stage.repository);
    expect(await stage.repository.call("status", ["rewrap"])).toEqual({
      code: 0,
      out: "Every sops file is fresh (6): nothing to do.\n",
      err: "",
    });
    expect(contents(stage.repository)).toEqual(before);
  });

  test("--dry-run tells what would change, and opens nothing", async () => {
    await encryptAll(stage.repository);
    const before = contents(stage.repository);
    await stage.key.rotate();
    const dry = await stage.repository.call("status", ["rewrap", "--dry-run"]);
    expect({ code: dry.code, err: dry.err }).toEqual({ code: 0, err: "" });
    expect(contents(stage.repository)).toEqual(before);
    expect((await stage.repository.call("rewrap", ["rewrap"])).out.replace("Changed", "Would change")).toBe(
      dry.out,
    );
  });

  test("with several keys and in Shamir groups are moved, and no other recipient", async () => {
    const other = await stage.azure.newKey(1);
    const identity = join(stage.repository.git.folder, ".git", "age");
    execFileSync("age-keygen", ["-o", identity], { stdio: "pipe" });
    const age = /age1\w+/.exec(readFileSync(identity, "utf8"))?.[0] ?? "";
    const group = ({ url }: EmulatedKey) => ({
      azure_keyvault: [{ vaultUrl: url.split("/keys/")[0], key: url.split("/keys/")[1] }],
    });
    stage.repository.rules(
      { path_regex: "both", azure_keyvault: `${stage.key.url},${other.url}`, age },
      {
        path_regex: "groups",
        shamir_threshold: 2,
        key_groups: [{ ...group(stage.key), age: [age] }, group(other)],
      },
    );
    const paths = ["both.yaml", "groups.yaml", "groups.json"];
    for (const path of paths)
      await stage.repository.encrypt(path, path.endsWith("json") ? '{"a": "b"}' : secret("x"));
    stage.repository.git.commitAll();
    const before = paths.map((path) => stage.repository.git.read(path));
    const plain = await Promise.all(paths.map((path) => stage.repository.decrypt(path)));
    const versions = [await stage.key.rotate(), await other.rotate()];
    expect((await stage.repository.call("rewrap", ["rewrap"])).code).toBe(0);
    for (const [index, path] of paths.entries()) {
      expect(diffOf(before[index] ?? "", stage.repository.git.read(path)), path).toHaveLength(6);
      const moved = stage.repository
        .recipients(path)
        .flatMap(({ kind, version }) => (kind === "azure_kv" ? version : []));
      expect(moved, path).toEqual(versions);
    }
    expect(await Promise.all(paths.map((path) => stage.repository.decrypt(path)))).toEqual(plain);
    // Either key alone is enough.
    await other.remove();
    expect(await stage.repository.decrypt("both.yaml")).toBe(plain[0]);
  });
});
