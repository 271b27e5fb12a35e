import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { secret } from "../../rewrap/support/sops-repository";
import { AzureRepository } from "./support/azure-repository";
import { EmulatedAzure, type Who } from "./support/emulated-azure";
import type { EmulatedKey } from "./support/emulated-key";

let azure: EmulatedAzure;
let repository: AzureRepository;
let key: EmulatedKey;

beforeAll(async () => {
  azure = await EmulatedAzure.start();
});
afterAll(() => azure.stop());
beforeEach(async () => {
  key = await azure.newKey();
  vi.stubEnv("HTTPS_PROXY", azure.proxyAddress);
  repository = await AzureRepository.create(azure);
  repository.rules({ path_regex: "\\.sops\\.yaml$", azure_keyvault: key.url });
  await repository.encrypt("a.sops.yaml", secret("a"));
  repository.git.commitAll();
});
afterEach(() => {
  vi.unstubAllEnvs();
  repository.git.remove();
});

/** `sopsloop retire` beside a cluster that has applied this commit. */
async function retire(applied: string, words: readonly string[] = [], who: Who = "status") {
  const bin = join(repository.git.folder, ".git", "kubectl");
  const kustomization = {
    metadata: { namespace: "flux-system", name: "apps" },
    spec: { decryption: { provider: "sops" } },
    status: {
      lastAppliedRevision: `main@sha1:${applied}`,
      conditions: [{ type: "Ready", status: "True", message: "Applied" }],
    },
  };
  writeFileSync(bin, `#!/bin/sh\ncat <<'E'\n${JSON.stringify({ items: [kustomization] })}\nE\n`, {
    mode: 0o755,
  });
  const PATH = `${join(bin, "..")}:${repository.git.env.PATH}`;
  return repository.call(who, ["retire", "--ref", "main", ...words], { PATH });
}

test("names each older version that still opens, once nothing needs it; what was wrapped since opens without them", async () => {
  const [old, plain] = [repository.git.read("a.sops.yaml"), await repository.decrypt("a.sops.yaml")];
  const first = key.current;
  const middle = await key.rotate();
  await key.change(await key.rotate(), { enabled: false });
  const current = await key.rotate();
  const stale = await retire(repository.git.git("rev-parse", "HEAD"));
  expect({ code: stale.code, out: stale.out.split("\n")[0] }).toEqual({
    code: 1,
    out: expect.stringMatching(/^Not yet: something still needs old key versions\. main \(/),
  });
  expect(stale.out).toContain(`main: a.sops.yaml:1: 3 versions behind: version ${first} of ${key.url}`);

  expect((await repository.call("rewrap", ["rewrap", "--commit"])).code).toBe(0);
  const commit = repository.git.git("rev-parse", "HEAD");
  const json = JSON.parse((await retire(commit, ["--json"])).out);
  expect(json).toMatchObject({
    blockers: [],
    keys: [{ kind: "azure_kv", key: key.url, current, older: [first, middle] }],
  });
  const { code, out } = await retire(commit);
  expect({ code, out }).toEqual({
    code: 0,
    out: [
      `Clean, and applied by Flux: main (${commit.slice(0, 10)}): 1 file.`,
      `# ${key.url}: 2 older versions needed by no file of these refs. A disabled version can be enabled again:`,
      `az keyvault key set-attributes --id ${key.url}/${first} --enabled false`,
      `az keyvault key set-attributes --id ${key.url}/${middle} --enabled false`,
      "# Older commits open no more after that; their backups too.",
      "",
    ].join("\n"),
  });

  for (const [, id = ""] of out.matchAll(/--id \S+\/(\w+) --enabled false/g))
    await key.change(id, { enabled: false });
  expect(await repository.decrypt("a.sops.yaml")).toBe(plain);
  repository.git.write("old.sops.yaml", old);
  await expect(repository.decrypt("old.sops.yaml")).rejects.toThrow("KeyDisabled");
  expect((await retire(commit)).out).toMatch(
    /^Nothing to retire: no key has an older version that still opens/,
  );
});

test("--disable does it itself, by an identity that may; nothing before all refs are clean", async () => {
  const old = repository.git.read("a.sops.yaml");
  const first = key.current;
  const current = await key.rotate();
  const dirty = await retire(repository.git.git("rev-parse", "HEAD"), ["--disable"], "retire");
  expect(dirty.code).toBe(1);
  expect(await key.enabled()).toEqual([first, current]);

  expect((await repository.call("rewrap", ["rewrap", "--commit"])).code).toBe(0);
  const commit = repository.git.git("rev-parse", "HEAD");
  const { origin, pathname } = new URL(key.url);
  const name = pathname.split("/").at(-1);
  const refused = await retire(commit, ["--disable"]);
  expect(refused).toMatchObject({
    code: 1,
    err: `sopsloop: --disable: ${origin} does not let this identity update ${name}: it needs Microsoft.KeyVault/vaults/keys/update/action on the key, as Key Vault Crypto User has it (ForbiddenByRbac)\n`,
  });
  expect(await key.enabled()).toEqual([first, current]);

  const { code, out } = await retire(commit, ["--disable"], "retire");
  expect({ code, out }).toEqual({
    code: 0,
    out: [
      `Clean, and applied by Flux: main (${commit.slice(0, 10)}): 1 file.`,
      `# ${key.url}: 1 older version disabled; each can be enabled again`,
      "# Older commits open no more after that; their backups too.",
      "",
    ].join("\n"),
  });
  expect(await key.enabled()).toEqual([current]);
  repository.git.write("old.sops.yaml", old);
  await expect(repository.decrypt("old.sops.yaml")).rejects.toThrow("KeyDisabled");
  expect(JSON.parse((await retire(commit, ["--disable", "--json"], "retire")).out)).toMatchObject({
    keys: [],
    disabled: [],
  });
});
