import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import pLimit from "p-limit";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { generatedFiles } from "../../sops-file/generated-files";
import { AzureRepository, diffOf } from "./support/azure-repository";
import { EmulatedAzure } from "./support/emulated-azure";
import type { EmulatedKey } from "./support/emulated-key";

const EACH = 20;

let azure: EmulatedAzure;
let repository: AzureRepository;
let keys: readonly [EmulatedKey, EmulatedKey];

beforeAll(async () => {
  azure = await EmulatedAzure.start();
});
afterAll(() => azure.stop());
beforeEach(async () => {
  vi.stubEnv("HTTPS_PROXY", azure.proxyAddress);
  keys = [await azure.newKey(), await azure.newKey(1)];
  const created = await AzureRepository.create(azure);
  const identity = join(created.git.folder, ".git", "age");
  execFileSync("age-keygen", ["-o", identity], { stdio: "pipe" });
  repository = created.with({ SOPS_AGE_KEY_FILE: identity });
});
afterEach(() => {
  vi.unstubAllEnvs();
  repository.git.remove();
});

/** Rules by what they are about, and how many Azure recipients a file then has. */
function layouts(age: string): Record<string, [object, number]> {
  const [one, other] = keys.map(({ url }) => url) as [string, string];
  const group = (url: string) => ({
    azure_keyvault: [{ vaultUrl: url.split("/keys/")[0], key: url.split("/keys/")[1] }],
  });
  return {
    "one key": [{ azure_keyvault: one }, 1],
    "two keys and age, values readable but for some": [
      { azure_keyvault: `${one}/,${other}`, age, encrypted_regex: "^[a-m]", mac_only_encrypted: true },
      2,
    ],
    Shamir: [{ shamir_threshold: 2, key_groups: [{ ...group(one), age: [age] }, group(other)] }, 2],
  };
}

describe.each(["one key", "two keys and age, values readable but for some", "Shamir"])("%s", (layout) => {
  test(`16. files of real sops stay the same but for three lines a key, and open to the same bytes (${5 * EACH} files)`, async () => {
    const age = /age1\w+/.exec(readFileSync(join(repository.git.folder, ".git", "age"), "utf8"))?.[0] ?? "";
    const [rule, count] = layouts(age)[layout] ?? [{}, 0];
    repository.rules(rule);
    const limit = pLimit(2);
    const files = generatedFiles(EACH);
    for (const { name, content } of files) writeFileSync(join(repository.git.folder, name), content);
    const plain = await Promise.all(
      files.map(({ name }) =>
        limit(async () => {
          await repository.sops(["encrypt", "--in-place", name]);
          return repository.decrypt(name);
        }),
      ),
    );
    repository.git.commitAll();
    const before = files.map(({ name }) => repository.git.read(name));
    const current = [await keys[0].rotate(), await keys[1].rotate()];
    const { code, out } = await repository.call("rewrap", ["rewrap"]);
    expect({ code, out: out.split(" (")[0] }).toEqual({ code: 0, out: "Changed 100 of 100 sops files" });
    for (const [index, { name }] of files.entries()) {
      const old = before[index] ?? "";
      const copies = name.endsWith(".yaml") ? old.split("\n---\n").length : 1;
      expect(diffOf(old, repository.git.read(name)), name).toHaveLength(3 * copies * count);
      const versions = repository
        .recipients(name)
        .flatMap(({ kind, version }) => (kind === "azure_kv" ? version : []));
      expect(versions, name).toEqual(current.slice(0, count));
    }
    // By Azure alone: the age key would open them in any case.
    const opened = files.map(({ name }) =>
      limit(() => repository.sops(["decrypt", name], { SOPS_AGE_KEY_FILE: undefined })),
    );
    expect(await Promise.all(opened)).toEqual(plain);
  }, 300_000);
});
