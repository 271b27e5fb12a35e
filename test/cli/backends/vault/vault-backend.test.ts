import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { openVaultBackend } from "../../../../cli/backends/vault/open-vault-backend";
import type { VaultBackend } from "../../../../cli/backends/vault/vault-backend";
import type { Recipient } from "../../../../cli/sops-file/recipient";
import { SopsVault } from "../../rewrap/support/sops-vault";

describe("the Vault backend", () => {
  let vault: SopsVault;
  const opened: VaultBackend[] = [];

  beforeAll(async () => {
    vault = await SopsVault.start();
  });
  afterAll(() => vault.stop());
  afterEach(() => {
    for (const backend of opened.splice(0)) backend.close();
  });

  function backend(token = vault.rootToken, env: Record<string, string> = {}): VaultBackend {
    const made = openVaultBackend({ ...vault.env(token), ...env }, [], () => undefined);
    opened.push(made);
    return made;
  }

  function recipient(wrapped: string, key = "sops", mount = "transit"): Recipient {
    const [, version] = /^vault:v(\d+):/.exec(wrapped) ?? [];
    return {
      kind: "hc_vault",
      group: 0,
      key: `${vault.address}/v1/${mount}/keys/${key}`,
      ...(version !== undefined && { version }),
      wrapped,
      fields: { vault_address: vault.address, engine_path: mount, key_name: key },
    };
  }

  /** A data key as sops would have it wrapped. */
  async function wrap(fill: number, key = "sops"): Promise<Recipient> {
    const plaintext = Buffer.alloc(32, fill).toString("base64");
    const answer = await vault.api.write(`transit/encrypt/${key}`, { plaintext });
    return recipient(String(answer?.ciphertext), key);
  }

  test("tells current and oldest usable versions, and why it cannot", async () => {
    const one = await wrap(1);
    const version = await vault.rotate();
    const states = await backend().currentVersions([
      one,
      recipient(one.wrapped, "nokey"),
      recipient(one.wrapped, "sops", "nomount"),
    ]);
    expect([...states]).toEqual([
      [one.key, { current: String(version), oldestUsable: "1" }],
      [
        `${vault.address}/v1/transit/keys/nokey`,
        `Vault at ${vault.address} has no key "nokey" under transit`,
      ],
      [
        `${vault.address}/v1/nomount/keys/sops`,
        `Vault at ${vault.address} has no secrets engine at "nomount"; is VAULT_NAMESPACE right?`,
      ],
    ]);
    expect(backend().versionsBehind(one, { current: String(version) })).toBe(1);
  });

  test("an identity that may only rewrap learns the version from a rewrap", async () => {
    const [broken, good] = [recipient("vault:v1:AAAA"), await wrap(2)];
    const version = await vault.rotate();
    const states = await backend(await vault.token("pipeline")).currentVersions([broken, good]);
    expect([...states.values()]).toEqual([{ current: String(version) }]);
  });

  test("moves a thousand data keys, and each keeps its place", async () => {
    const wrapped = await Promise.all(Array.from({ length: 8 }, (_, index) => wrap(index)));
    const many = Array.from({ length: 1000 }, (_, index) => wrapped[index % 8] ?? wrapped[0]).filter(
      (each) => each !== undefined,
    );
    const version = await vault.rotate();
    const own = backend();
    await own.currentVersions(many);
    const outcomes = await own.rewrap(many);
    expect(outcomes).toHaveLength(1000);
    const moved = outcomes.map((outcome) => (outcome.ok ? outcome.value.wrapped : outcome.why));
    expect(moved.every((text) => text.startsWith(`vault:v${version}:`))).toBe(true);
    const pairs = many.map((before, index) => ({ before, after: moved[index] ?? "" }));
    expect(await own.opensToSame(pairs)).toEqual(Array(1000).fill(true));
    const shifted = many.map((before, index) => ({ before, after: moved[(index + 1) % 1000] ?? "" }));
    expect(await own.opensToSame(shifted)).toEqual(Array(1000).fill(false));
    const pipeline = backend(await vault.token("pipeline"));
    expect(await pipeline.opensToSame(pairs)).toEqual(Array(1000).fill(undefined));
  });

  test("one bad item in a batch spoils no other", async () => {
    const [good, other] = [await wrap(3), await wrap(4)];
    await vault.rotate();
    const outcomes = await backend().rewrap([
      good,
      recipient(`${good.wrapped.slice(0, -8)}AAAAAAAA`),
      recipient("vault:v77:AAAA"),
      recipient("junk"),
      recipient(good.wrapped, "nokey"),
      other,
    ]);
    const key = `${vault.address}/v1/transit/keys/sops`;
    expect(outcomes.map((outcome) => (outcome.ok ? true : outcome.why))).toEqual([
      true,
      `Vault cannot open its data key by ${key}: cipher: message authentication failed`,
      `Vault cannot open its data key by ${key}: invalid ciphertext: version is too new`,
      `Vault cannot open its data key by ${key}: invalid ciphertext: no prefix`,
      `Vault at ${vault.address} has no key "nokey" under transit`,
      true,
    ]);
  });

  test("a version that was retired is told", async () => {
    await vault.newKey("retired");
    const old = await wrap(5, "retired");
    const version = await vault.rotate("retired");
    await vault.api.write("transit/keys/retired/config", { min_decryption_version: version });
    expect(await backend().rewrap([old])).toEqual([
      {
        ok: false,
        why: `Vault cannot open its data key by ${old.key}: ciphertext or signature version is disallowed by policy (too old)`,
      },
    ]);
    expect([...(await backend().currentVersions([old])).values()]).toEqual([
      { current: String(version), oldestUsable: String(version) },
    ]);
  });

  test.each(["../sys", "transit/../sys", "", "a//b", "a\nb"])(
    "an engine path of %j is no way to elsewhere",
    async (mount) => {
      const strange = recipient("vault:v1:AAAA", "sops", mount);
      await expect(backend().rewrap([strange])).rejects.toThrow("names no key of a Vault transit engine");
    },
  );

  test.each(["a/b", "..", "?x", "x#y"])("nor is a key name of %j", async (name) => {
    const outcome = await backend()
      .rewrap([recipient("vault:v1:AAAA", name)])
      .then(([first]) => (first && !first.ok ? first.why : "rewrapped"))
      .catch((error: Error) => error.message);
    expect(outcome).toMatch(/names no key of a Vault transit engine|has no key/);
  });

  test("a certificate for another name needs to be told which", async () => {
    const one = await wrap(6);
    const byName = backend(vault.rootToken, { VAULT_TLS_SERVER_NAME: "elsewhere.example" });
    await expect(byName.currentVersions([one])).rejects.toThrow(
      `Vault at ${vault.address}: its certificate is not trusted (ERR_TLS_CERT_ALTNAME_INVALID)`,
    );
    const localhost = backend(vault.rootToken, { VAULT_TLS_SERVER_NAME: "localhost" });
    expect([...(await localhost.currentVersions([one])).values()]).toEqual([
      { current: one.version, oldestUsable: "1" },
    ]);
  });
});
