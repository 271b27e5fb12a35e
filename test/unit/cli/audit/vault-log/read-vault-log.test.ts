import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { readVaultLog } from "../../../../../cli/audit/vault-log/read-vault-log";
import { OUTPUTS } from "../outputs";
import { CANARY, exchange, REFUSED } from "./entries";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "sopsloop-log-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function write(name: string, ...lines: readonly string[]): string {
  const text = lines.map((line) => `${line}\n`).join("");
  writeFileSync(join(folder, name), name.endsWith(".gz") ? gzipSync(text) : text);
  return name;
}
const read = (...files: string[]) => readVaultLog({ outputs: OUTPUTS, files, cwd: folder });

const TOKEN = { display_name: "token-bob", policies: ["default"] };
const FLUX_ROLE = "auth/kubernetes/role/flux-system_kustomize-controller";

describe("who used the key", () => {
  test("each request counts once, with the first and the last time, and nothing is found", async () => {
    const [first, last] = ["2026-01-02T03:04:05.1Z", "2026-01-02T03:04:05.12Z"];
    const file = write("audit.log", ...exchange({ time: last }), ...exchange({ time: first }));
    const reading = await read(file);
    expect(reading).toMatchObject({ lines: 4, unreadable: 0, findings: [], refusedLogins: [], changes: [] });
    expect(reading.uses).toEqual([
      {
        key: "transit/keys/sops",
        operation: "decrypt",
        identity: "kubernetes-flux-system-kustomize-controller",
        by: FLUX_ROLE,
        result: "done",
        count: 2,
        items: 2,
        first: "2026-01-02T03:04:05.100Z",
        last: "2026-01-02T03:04:05.120Z",
      },
    ]);
    expect([reading.from, reading.to]).toEqual(["2026-01-02T03:04:05.100Z", "2026-01-02T03:04:05.120Z"]);
  });

  test("a batch is one request with many data keys", async () => {
    const data = { batch_input: [{ ciphertext: "a" }, { ciphertext: "b" }, { ciphertext: "c" }] };
    const auth = { display_name: "gitlab-101", metadata: { role: "sops-rewrap" } };
    const file = write("audit.log", ...exchange({ path: "transit/rewrap/sops", data, auth }));
    expect((await read(file)).uses).toMatchObject([
      { operation: "rewrap", by: "auth/gitlab/role/sops-rewrap", count: 1, items: 3 },
    ]);
  });

  test("other keys, other engines and other namespaces are not this one", async () => {
    const others = [
      { path: "transit/decrypt/sops2" },
      { path: "transit2/decrypt/sops" },
      { path: "other/transit/decrypt/sops" },
      { namespace: "team" },
    ];
    expect((await read(write("audit.log", ...others.flatMap(exchange)))).uses).toEqual([]);
  });
});

describe("what is found", () => {
  const ids = async (...wishes: Parameters<typeof exchange>[0][]) =>
    (await read(write("audit.log", ...wishes.flatMap((wish) => exchange(wish))))).findings.map(
      ({ id, what }) => `${id}: ${what}`,
    );
  const at = "2026-01-02T03:04:05.678Z";

  test("a stranger who decrypts", async () => {
    expect(await ids({ auth: TOKEN })).toEqual([`vault-log-stranger: token-bob did decrypt once, at ${at}`]);
  });

  test("a token whose metadata pretends to be Flux's login", async () => {
    const metadata = { role: "flux-system_kustomize-controller" };
    expect(await ids({ auth: { ...TOKEN, metadata } })).toEqual([
      `vault-log-stranger: token-bob did decrypt once, at ${at}`,
    ]);
  });

  test("another account that came in by Flux's role", async () => {
    const auth = {
      display_name: "kubernetes-default-mallory",
      metadata: {
        role: "flux-system_kustomize-controller",
        service_account_name: "mallory",
        service_account_namespace: "default",
      },
    };
    expect(await ids({ auth })).toEqual([
      `vault-log-stranger: kubernetes-default-mallory did decrypt once, at ${at}`,
    ]);
  });

  test("the same account of another cluster, whose method begins its name the same", async () => {
    const auth = {
      display_name: "kubernetes-staging-flux-system-kustomize-controller",
      metadata: {
        role: "flux-system_kustomize-controller",
        service_account_name: "kustomize-controller",
        service_account_namespace: "flux-system",
      },
    };
    expect(await ids({ auth })).toEqual([
      `vault-log-stranger: kubernetes-staging-flux-system-kustomize-controller did decrypt once, at ${at}`,
    ]);
  });

  test("a job that is declared, but not to decrypt", async () => {
    const auth = { display_name: "gitlab-101", metadata: { role: "sops-rewrap" } };
    expect(await ids({ auth })).toEqual([
      `vault-log-stranger: gitlab-101 (auth/gitlab/role/sops-rewrap) did decrypt once, at ${at}`,
    ]);
  });

  test("who was refused, and a token that Vault does not know", async () => {
    const again = { auth: TOKEN, error: REFUSED, time: "2026-01-03T00:00:00Z" };
    expect(await ids({ auth: TOKEN, error: REFUSED }, again, { auth: null, error: REFUSED })).toEqual([
      `vault-log-refused: token-bob was refused to decrypt 2 times, from ${at} to 2026-01-03T00:00:00.000Z`,
      `vault-log-refused: a token that Vault does not know was refused to decrypt once, at ${at}`,
    ]);
  });

  describe("a rewrap's one look at what it has moved", () => {
    const auth = { display_name: "gitlab-101", metadata: { role: "sops-rewrap" } };
    const rewrap = (login: string) => ({ path: "transit/rewrap/sops", auth, login });
    const look = (login: string, time = "2026-01-02T03:04:05.678Z") => ({
      auth,
      error: REFUSED,
      login,
      time,
    });
    const who = "gitlab-101 (auth/gitlab/role/sops-rewrap)";

    test("is no alarm, one of each login, in whichever order the files come", async () => {
      expect(await ids(rewrap("a"), look("a"), look("b"), rewrap("b"), rewrap("b"))).toEqual([]);
    });

    test("and no more than one is, however much was moved", async () => {
      const many = Array.from({ length: 900 }, () => look("a"));
      expect(await ids(...Array.from({ length: 1_000 }, () => rewrap("a")), ...many)).toEqual([
        `vault-log-refused: ${who} was refused to decrypt 899 times, from ${at} to ${at}`,
      ]);
    });

    test("nor one of a login that has moved nothing", async () => {
      const later = "2026-01-03T00:00:00.000Z";
      expect(await ids(rewrap("a"), look("a"), look("b"), look("c", later))).toEqual([
        `vault-log-refused: ${who} was refused to decrypt 2 times, from ${at} to ${later}`,
      ]);
    });

    test("nor one of somebody who is not declared", async () => {
      const others = [rewrap("a"), look("a")].map((wish) => ({ ...wish, auth: TOKEN }));
      expect(await ids(...others)).toEqual([
        `vault-log-refused: token-bob was refused to decrypt once, at ${at}`,
      ]);
    });

    test("all of them are in the counts of who did what", async () => {
      const wishes = [rewrap("a"), look("a"), look("a")];
      const { uses } = await read(write("audit.log", ...wishes.flatMap((wish) => exchange(wish))));
      expect(uses.map(({ operation, result, count }) => [operation, result, count])).toEqual([
        ["decrypt", "refused", 2],
        ["rewrap", "done", 1],
      ]);
    });
  });

  test("what could not be decrypted is no refusal", async () => {
    const file = write("audit.log", ...exchange({ error: "1 error occurred: invalid ciphertext" }));
    const { uses, findings } = await read(file);
    expect(uses).toMatchObject([{ result: "failed" }]);
    expect(findings).toEqual([]);
  });

  test.each(["export/encryption-key", "backup", "datakey/plaintext", "byok-export/theirs"])(
    "%s, whoever did it",
    async (operation) => {
      const path = `transit/${operation}/sops`;
      expect(await ids({ path, operation: "read" })).toEqual([
        expect.stringContaining(
          `vault-log-taken-out: kubernetes-flux-system-kustomize-controller (${FLUX_ROLE}) did ${operation}`,
        ),
      ]);
    },
  );

  test("a version of the key that was exported", async () => {
    expect(await ids({ path: "transit/export/encryption-key/sops/1", operation: "read" })).toHaveLength(1);
  });

  test("logins that were refused, and from where", async () => {
    const login = { path: "auth/kubernetes/login", auth: null, error: "permission denied" };
    const elsewhere = { ...login, path: "auth/userpass/login/jane" };
    expect(await ids(login, { ...login, address: "10.0.0.2" }, elsewhere)).toEqual([
      `vault-log-logins-refused: 2 times, from ${at} to ${at}, from 10.0.0.1, 10.0.0.2`,
    ]);
  });
});

test("who changed what guards the key", async () => {
  const paths = [
    "transit/keys/sops/config",
    "sys/policies/acl/any",
    "auth/kubernetes/role/any",
    "identity/entity",
    "sys/audit/file",
  ];
  const others = ["secret/data/x", "transit/keys/other", "auth/kubernetes/login"];
  const lines = [...paths, ...others].flatMap((path) => exchange({ path, auth: TOKEN }));
  const { changes } = await read(write("audit.log", ...lines));
  expect(changes.map(({ path }) => path)).toEqual(paths);
  expect(changes[0]).toMatchObject({ identity: "token-bob", operation: "update", count: 1 });
});

describe("files as they are found", () => {
  test("a last line that is still written is left for the next time", async () => {
    const [request = "", response = ""] = exchange();
    writeFileSync(join(folder, "audit.log"), `${request}\n${response.slice(0, 40)}`);
    expect(await read("audit.log")).toMatchObject({ lines: 1, unreadable: 0, uses: [] });
    writeFileSync(join(folder, "audit.log"), `${request}\n${response}`);
    expect((await read("audit.log")).uses).toHaveLength(1);
  });

  test("lines of something else are counted, and all else is read", async () => {
    const odd = ["not json", "[]", "null", "{}", '{"type":"response"}', '"\\u2028"'];
    const file = write("audit.log", ...odd, "", ...exchange(), "\u0000\u0000");
    expect(await read(file)).toMatchObject({ lines: 9, unreadable: 7, uses: [{ count: 1 }] });
  });

  test("rotated ones, one of them packed, in any order", async () => {
    const old = write("audit.log.1.gz", ...exchange({ time: "2026-01-01T00:00:00Z" }));
    const now = write("audit.log", ...exchange({ time: "2026-02-01T00:00:00Z" }));
    for (const files of [
      [old, now],
      [now, old],
    ])
      expect((await read(...files)).uses).toMatchObject([
        { count: 2, first: "2026-01-01T00:00:00.000Z", last: "2026-02-01T00:00:00.000Z" },
      ]);
  });

  test("an empty one", async () => {
    const reading = await read(write("audit.log"));
    expect(reading).toMatchObject({ lines: 0, uses: [], findings: [] });
    expect(reading.from).toBeUndefined();
  });

  test.each([
    ["is not there", "nowhere.log", "ENOENT"],
    ["is a folder", ".", "EISDIR"],
  ])("one that %s: one line", async (_how, name, code) => {
    await expect(read(name)).rejects.toMatchObject({
      exitCode: 2,
      message: expect.stringMatching(
        new RegExp(`^--vault-log .*: cannot be read \\(${code}\\); name a file`),
      ),
    });
  });

  test("one that is called packed and is not", async () => {
    writeFileSync(join(folder, "audit.log.gz"), "plain");
    await expect(read("audit.log.gz")).rejects.toMatchObject({ exitCode: 2 });
  });

  test("a log of many chunks", async () => {
    const line = exchange();
    const file = write("audit.log", ...Array.from({ length: 1_000 }, () => line).flat());
    expect((await read(file)).uses).toMatchObject([{ count: 1_000 }]);
  });
});

test("nothing of what was sent or answered is kept, not even where the device writes it in clear", async () => {
  const wishes = [{}, { auth: TOKEN }, { auth: TOKEN, error: REFUSED }, { path: "transit/backup/sops" }];
  const file = write("audit.log", ...wishes.flatMap((wish) => exchange(wish)));
  expect(JSON.stringify(await read(file))).not.toContain(CANARY);
});
