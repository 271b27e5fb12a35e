import { describe, expect, test } from "vitest";
import { OutOfSight } from "../../../../../cli/backends/out-of-sight";
import { CliError } from "../../../../../cli/errors/cli-error";
import { reportOf } from "../../../../../cli/status/report";
import { statusReport } from "../../../../../cli/status/report-schema";
import { tableOf } from "../../../../../cli/status/table";
import { statusOf } from "../../../../../cli/status/tree-status";
import { configs, encrypted, KEY, OTHER_KEY, recipient, TableBackend, tree, vaultAt } from "../sample";

describe("freshness", () => {
  test.each([
    [
      "a key that is not there",
      new TableBackend(() => ({ [KEY]: "Vault has no key sops" })),
      "Vault has no key sops",
    ],
    ["a silent server", new TableBackend(() => ({})), "its server said nothing about it"],
    [
      "a version from the future",
      vaultAt("1"),
      "the file says version 2, but the key is at 1: another key of that name?",
    ],
  ])("%s: unknown, and why", async (_, backend, why) => {
    const status = await statusOf(tree([encrypted("a.yaml")]), [backend], []);
    expect(status.summary).toMatchObject({ fresh: 0, stale: 0, unknown: 1, notLookedAt: 0, findings: 1 });
    expect(status.findings[0]?.message).toBe(`${KEY}: ${why}`);
  });

  test("a key that this caller is not meant to see is unknown, and no finding", async () => {
    const hidden = new TableBackend(() => {
      throw new OutOfSight("not in a merge request");
    });
    const status = await statusOf(tree([encrypted("a.yaml"), encrypted("b.yaml")]), [hidden], []);
    expect(status.summary).toEqual({
      files: 2,
      fresh: 0,
      stale: 0,
      unknown: 2,
      notLookedAt: 2,
      findings: 0,
    });
    expect(status.keys).toEqual([
      { kind: "hc_vault", key: KEY, problem: "not in a merge request", notLookedAt: true, files: { 2: 2 } },
    ]);
    expect(tableOf(status, { colours: false })).toContain(
      "2 files: 0 fresh, 0 stale, 2 not looked at; nothing found",
    );
    expect(tableOf(status, { colours: false })).toContain(
      `hc_vault  ${KEY}  not looked at, version 2: 2 files`,
    );
    expect(statusReport.parse(reportOf(status))).toEqual(reportOf(status));
  });

  test("beside such a key, what is really unknown is still a finding, and what is stale still stale", async () => {
    const hidden = new TableBackend(() => {
      throw new OutOfSight("not in a merge request");
    });
    const aws = recipient("kms", "arn:aws:kms:x");
    const both = [recipient("hc_vault", KEY, "2"), aws];
    const status = await statusOf(tree([encrypted("a.yaml", { recipients: both })]), [hidden], []);
    expect(status.summary).toMatchObject({ unknown: 1, notLookedAt: 0 });
    expect(status.findings.map(({ check, subject }) => [check, subject])).toContainEqual([
      "unknown-version",
      "arn:aws:kms:x",
    ]);
  });

  test("a wrapped key without a version is unknown", async () => {
    const recipients = [recipient("hc_vault", KEY)];
    const status = await statusOf(tree([encrypted("a.yaml", { recipients })]), [vaultAt("1")], []);
    expect(status.summary.unknown).toBe(1);
  });

  test("one key that is refused leaves the others known", async () => {
    const refuse = new TableBackend((keys) => {
      if (keys.includes(OTHER_KEY)) throw new CliError(`${OTHER_KEY} is refused`);
      return { [KEY]: { current: "2" } };
    });
    const recipients = [recipient("hc_vault", OTHER_KEY, "1")];
    const status = await statusOf(
      tree([encrypted("a.yaml"), encrypted("b.yaml", { recipients })]),
      [refuse],
      [],
    );
    expect(status.files.map(({ state }) => state)).toEqual(["fresh", "unknown"]);
  });

  test("a server that is down is not asked for every key", async () => {
    const down = new TableBackend(() => {
      throw new CliError("cannot be reached");
    });
    const files = Array.from({ length: 50 }, (_, number) =>
      encrypted(`${number}.yaml`, { recipients: [recipient("hc_vault", `${KEY}${number}`, "1")] }),
    );
    const status = await statusOf(tree(files), [down], []);
    expect(status.summary.unknown).toBe(50);
    expect(down.asked).toHaveLength(3);
  });

  test("no token for one kind of server leaves the other kind known, and only none at all ends the command", async () => {
    const AZURE = "https://v.vault.azure.net/keys/n";
    const noIdentity = new TableBackend(() => {
      throw new CliError("no Azure identity", 2);
    }, "azure_kv");
    const both = [recipient("hc_vault", KEY, "2"), recipient("azure_kv", AZURE, "a1")];
    const rules = configs(`{hc_vault_transit_uri: "${KEY}", azure_keyvault: "${AZURE}"}`);
    const files = tree([encrypted("a.yaml", { recipients: both })], { configs: rules });
    const status = await statusOf(files, [vaultAt("2"), noIdentity], []);
    expect(status.files[0]?.recipients.map(({ state }) => state.state)).toEqual(["fresh", "unknown"]);
    expect(status.findings.map(({ message }) => message)).toEqual([`${AZURE}: no Azure identity`]);
    const noToken = new TableBackend(() => {
      throw new CliError("no Vault token", 2);
    });
    await expect(statusOf(files, [noToken, noIdentity], [])).rejects.toThrow("no Vault token");
  });

  test("wrong usage ends the command", async () => {
    const noToken = new TableBackend(() => {
      throw new CliError("no Vault token", 2);
    });
    await expect(statusOf(tree([encrypted("a.yaml")]), [noToken], [])).rejects.toThrow("no Vault token");
  });
});
