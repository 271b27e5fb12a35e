import { describe, expect, test } from "vitest";
import { OutOfSight } from "../../../../cli/backends/out-of-sight";
import { CliError } from "../../../../cli/errors/cli-error";
import { codeQuality } from "../../../../cli/status/code-quality";
import { CHECKS } from "../../../../cli/status/finding";
import { reportOf } from "../../../../cli/status/report";
import { statusReport } from "../../../../cli/status/report-schema";
import { tableOf } from "../../../../cli/status/table";
import { statusOf } from "../../../../cli/status/tree-status";
import { FluxCoverage } from "../../../../cli/tree/flux-coverage";
import type { FluxKustomization } from "../../../../cli/tree/flux-kustomization";
import { KustomizeBuild } from "../../../../cli/tree/kustomize-build";
import { configs, encrypted, KEY, OTHER_KEY, recipient, TableBackend, tree } from "./sample";

const vaultAt = (current: string, oldestUsable = "1") =>
  new TableBackend(() => ({ [KEY]: { current, oldestUsable } }));
const plain = (status: Parameters<typeof tableOf>[0]) => tableOf(status, { colours: false });

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

  test("wrong usage ends the command", async () => {
    const noToken = new TableBackend(() => {
      throw new CliError("no Vault token", 2);
    });
    await expect(statusOf(tree([encrypted("a.yaml")]), [noToken], [])).rejects.toThrow("no Vault token");
  });
});

describe("Flux", () => {
  const apps: FluxKustomization = {
    name: "apps",
    file: "clusters/apps.yaml",
    line: 1,
    folder: "apps",
    components: [],
    decrypts: true,
    suspended: false,
    substitutes: false,
  };
  const checks = async (path: string, changes: Partial<FluxKustomization>, file = {}) => {
    const flux = new FluxCoverage([{ ...apps, ...changes }], new KustomizeBuild([path], new Map()));
    const status = await statusOf(tree([encrypted(path, file)], { flux }), [vaultAt("2")], []);
    return status.findings.map(({ check, message }) => `${check}: ${message}`);
  };

  test("a file that a Kustomization decrypts is well", async () => {
    expect(await checks("apps/s.yaml", {})).toEqual([]);
  });

  test.each([
    ["other/s.yaml", {}, /^no-decryption: no Flux Kustomization of this tree builds it$/],
    ["apps/s.yaml", { suspended: true }, /^no-decryption: built only by what is suspended: apps$/],
    [
      "apps/s.yaml",
      { decrypts: false },
      /^no-decryption: Kustomization apps builds it without decryption; .* clusters\/apps\.yaml:1$/,
    ],
  ])("%s with %j is told", async (path, changes, message) => {
    expect(await checks(path, changes)).toEqual([expect.stringMatching(message)]);
  });

  test("what is no manifest, and is built by nobody, is not Flux's", async () => {
    expect(await checks("other/ci.yaml", {}, { isManifest: false })).toEqual([]);
  });

  test("readable ${ under postBuild is told", async () => {
    const file = { substituted: ["stringData.url"] };
    expect(await checks("apps/s.yaml", {}, file)).toEqual([]);
    expect(await checks("apps/s.yaml", { substitutes: true }, file)).toEqual([
      expect.stringMatching(/^substituted: Kustomization apps has spec.postBuild, and stringData.url holds/),
    ]);
  });
});

describe("the report", () => {
  const faulty = tree([encrypted("a.yaml")], {
    problems: [
      {
        check: "plaintext-secret",
        path: "p.yaml",
        line: 7,
        subject: "db",
        message: "Secret db: data.a not encrypted",
      },
      {
        check: "plaintext-secret",
        path: "p.yaml",
        line: 9,
        subject: "db",
        message: "Secret db: data.b not encrypted",
      },
      { check: "unreadable", path: "t\u001b[31m.yaml", line: 1, subject: "t", message: "cut short" },
    ],
    skipped: [{ path: "lib", why: "a submodule" }],
  });

  test("agrees with its schema", async () => {
    const report = reportOf(await statusOf(faulty, [vaultAt("3")], []));
    expect(statusReport.parse(JSON.parse(JSON.stringify(report)))).toEqual(report);
    expect(report.schema).toBe("sopsloop.status/1");
    expect(report.summary).toEqual({ files: 1, fresh: 0, stale: 1, unknown: 0, notLookedAt: 0, findings: 4 });
    expect(report.files[0]?.recipients).toEqual([
      { kind: "hc_vault", key: KEY, group: 0, version: "2", state: "stale", behind: 1 },
    ]);
  });

  test("as a table: counts first, groups by weight, nothing that steers a terminal", async () => {
    const text = plain(await statusOf(faulty, [vaultAt("3")], []));
    expect(text).toBe(`1 file: 0 fresh, 1 stale; 4 findings

Keys
  hc_vault  ${KEY}  current 3, version 2: 1 file

1 ${CHECKS.unreadable.title}
  t�[31m.yaml  cut short

2 ${CHECKS["plaintext-secret"].title}
  p.yaml:7  Secret db: data.a not encrypted
  p.yaml:9  Secret db: data.b not encrypted

1 ${CHECKS.stale.title}
  a.yaml  1 version behind: version 2 of ${KEY}, current is 3; run sopsloop rewrap

Not looked into
  lib  a submodule
`);
  });

  test("names twenty files of a group, and counts the rest", async () => {
    const files = Array.from({ length: 25 }, (_, number) => encrypted(`${number}.yaml`));
    const text = plain(await statusOf(tree(files), [vaultAt("3")], []));
    expect(text.match(/\.yaml {2}/g)).toHaveLength(20);
    expect(text).toContain("  … and 5 more; --json names all");
  });

  test("colours only where they are wished for", async () => {
    const status = await statusOf(faulty, [vaultAt("3")], []);
    expect(tableOf(status, { colours: true })).toContain("\u001b[1m");
    expect(plain(status)).not.toContain("\u001b");
  });

  test("a tree without encrypted files says so", async () => {
    expect(plain(await statusOf(tree([]), [], []))).toBe("no files encrypted by sops; nothing found\n");
  });

  test("code quality: fingerprints are each their own, and stay over a rotation", async () => {
    const before = codeQuality((await statusOf(faulty, [vaultAt("3")], [])).findings);
    const after = codeQuality((await statusOf(faulty, [vaultAt("9")], [])).findings);
    const prints = before.map(({ fingerprint }) => fingerprint);
    expect(new Set(prints).size).toBe(4);
    expect(after.map(({ fingerprint }) => fingerprint)).toEqual(prints);
    expect(before[1]).toEqual({
      description: `${CHECKS["plaintext-secret"].title}: Secret db: data.a not encrypted`,
      check_name: "sopsloop/plaintext-secret",
      fingerprint: expect.stringMatching(/^[0-9a-f]{64}$/),
      severity: "blocker",
      location: { path: "p.yaml", lines: { begin: 7 } },
    });
  });

  test("the schema's document names every check and every field", async () => {
    const { readFileSync } = await import("node:fs");
    const text = readFileSync("docs/status-schema.md", "utf8");
    for (const check of Object.keys(CHECKS)) expect(text).toContain(`\`${check}\``);
    const { files, keys, findings, skipped, summary } = statusReport.shape;
    const shapes = [
      summary,
      files.element,
      files.element.shape.recipients.element,
      keys.element,
      findings.element,
      skipped.element,
    ];
    for (const shape of shapes)
      for (const field of Object.keys(shape.shape)) expect(text).toContain(`\`${field}\``);
  });
});
