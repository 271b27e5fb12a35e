import { describe, expect, test } from "vitest";
import { statusOf } from "../../../../../cli/status/tree-status";
import { encrypted, KEY, plain, recipient, TableBackend, tree, vaultAt } from "../sample";

describe("freshness", () => {
  test("a tree at the current version is clean", async () => {
    const status = await statusOf(tree([encrypted("b.yaml"), encrypted("a.yaml")]), [vaultAt("2")], []);
    expect(status.summary).toEqual({ files: 2, fresh: 2, stale: 0, unknown: 0, notLookedAt: 0, findings: 0 });
    expect(status.files.map(({ path }) => path)).toEqual(["a.yaml", "b.yaml"]);
    expect(plain(status)).toBe(
      `2 files: 2 fresh, 0 stale; nothing found\n\nKeys\n  hc_vault  ${KEY}  current 2, version 2: 2 files\n`,
    );
  });

  test("a file is as stale as its furthest recipient", async () => {
    const recipients = [recipient("hc_vault", KEY, "3"), recipient("hc_vault", KEY, "1")];
    const status = await statusOf(tree([encrypted("a.yaml", { recipients })]), [vaultAt("3")], []);
    expect(status.files[0]).toMatchObject({ state: "stale", behind: 2 });
    expect(status.findings).toEqual([
      {
        check: "stale",
        path: "a.yaml",
        line: 1,
        subject: KEY,
        message: `2 versions behind: version 1 of ${KEY}, current is 3; run sopsloop rewrap`,
      },
    ]);
  });

  test("what the key no longer opens is told apart", async () => {
    const status = await statusOf(tree([encrypted("a.yaml")]), [vaultAt("4", "3")], []);
    expect(status.findings.map(({ check }) => check)).toEqual(["unusable"]);
    expect(status.summary.stale).toBe(1);
  });

  test("each key is asked for once, whatever the number of files", async () => {
    const backend = vaultAt("2");
    const files = Array.from({ length: 500 }, (_, number) => encrypted(`${number}.yaml`));
    await statusOf(tree(files), [backend], []);
    expect(backend.asked).toEqual([[KEY]]);
  });

  test("kinds without versions are left to the rules; kinds without a backend are never fresh", async () => {
    const age = recipient("age", "age1a");
    const aws = recipient("kms", "arn:aws:kms:x");
    const { configs } = tree([]);
    const status = await statusOf(
      tree([encrypted("a.yaml", { recipients: [age] }), encrypted("b.yaml", { recipients: [aws] })], {
        configs,
      }),
      [vaultAt("2")],
      [],
    );
    expect(status.files.map(({ state }) => state)).toEqual(["fresh", "unknown"]);
    expect(
      status.findings.filter(({ check }) => check === "unknown-version").map(({ message }) => message),
    ).toEqual(["arn:aws:kms:x: sopsloop cannot ask about kms keys yet"]);
  });

  test("a key that wraps nothing more is told, and a rewrap is not advised", async () => {
    const unfit = new TableBackend(() => ({
      [KEY]: { current: "2", unfit: "has expired (2026-01-01T00:00Z)" },
    }));
    const old = [recipient("hc_vault", KEY, "1")];
    const status = await statusOf(
      tree([encrypted("a.yaml"), encrypted("b.yaml", { recipients: old })]),
      [unfit],
      [],
    );
    expect(status.findings.map(({ check, path, message }) => [check, path, message])).toEqual([
      [
        "stale",
        "b.yaml",
        `1 version behind: version 1 of ${KEY}, current is 2, which has expired (2026-01-01T00:00Z); rotate the key first`,
      ],
      ["expired", "a.yaml", `version 2 of ${KEY} has expired (2026-01-01T00:00Z); rotate the key`],
    ]);
  });

  test("a current version that is closed opens nothing, though no file is behind", async () => {
    const closed = new TableBackend(() => ({ [KEY]: { current: "2", oldestUsable: "3" } }));
    const status = await statusOf(tree([encrypted("a.yaml")]), [closed], []);
    expect(status.findings.map(({ check, message }) => [check, message])).toEqual([
      ["unusable", `version 2 of ${KEY}, the current; it is closed`],
    ]);
  });
});
