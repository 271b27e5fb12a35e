import { describe, expect, test } from "vitest";
import { codeQuality } from "../../../../../cli/status/code-quality";
import { CHECKS } from "../../../../../cli/status/finding";
import { reportOf } from "../../../../../cli/status/report";
import { statusReport } from "../../../../../cli/status/report-schema";
import { tableOf } from "../../../../../cli/status/table";
import { statusOf } from "../../../../../cli/status/tree-status";
import { encrypted, KEY, plain, tree, vaultAt } from "../sample";

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
