import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { DeclaredVersions } from "../../../../cli/audit/files/declared-versions";
import type { AuditReport } from "../../../../cli/audit/report-schema";
import { recipient } from "../status/sample";
import { reportOfExport } from "./support/audited";
import { exported, KEY, outputs, transitKey, VAULT } from "./support/stack";

const encrypted = (key: string, version: string) =>
  `apiVersion: v1\nkind: Secret\ndata:\n  a: ENC[AES256_GCM,data:eA==,iv:eA==,tag:eA==,type:str]\nsops:\n  hc_vault:\n  - vault_address: ${VAULT}\n    engine_path: transit\n    key_name: ${key}\n    created_at: "2026-01-01T00:00:00Z"\n    enc: vault:v${version}:eHh4\n  lastmodified: "2026-01-01T00:00:00Z"\n  mac: ENC[AES256_GCM,data:eA==,iv:eA==,tag:eA==,type:str]\n  version: 3.13.3\n`;

const FILES = {
  ".sops.yaml": `creation_rules:\n  - path_regex: .*\n    hc_vault_transit_uri: ${KEY}\n`,
  "apps/new.sops.yaml": encrypted("sops", "3"),
  "apps/old.sops.yaml": encrypted("sops", "2"),
  "apps-2/shut.sops.yaml": encrypted("sops", "1"),
  "team/foreign.sops.yaml": encrypted("other", "1"),
};

describe("--files reads a checkout of the deploy repository, and asks nobody", () => {
  let folder: string;
  let report: AuditReport;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "sopsloop-audit-files-"));
    for (const [path, text] of Object.entries(FILES)) {
      mkdirSync(join(folder, dirname(path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
    execFileSync("git", ["init", "--quiet", folder]);
    execFileSync("git", ["-C", folder, "add", "-A"]);
    report = await reportOfExport(exported([transitKey("transit", "sops")]), {
      files: folder,
      failOn: "never",
    });
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test("each file: how it stands, which keys open it, what of Flux builds it", () => {
    expect(report.files).toMatchObject({ fresh: 1, stale: 2, unknown: 1, asked: false });
    expect(
      report.files?.list.map(({ path, state, behind, deliveries }) => [path, state, behind, deliveries]),
    ).toEqual([
      // A folder whose name only begins the same is another one.
      ["apps-2/shut.sops.yaml", "stale", 2, []],
      ["apps/new.sops.yaml", "fresh", 0, ["flux-system/apps"]],
      ["apps/old.sops.yaml", "stale", 1, ["flux-system/apps"]],
      ["team/foreign.sops.yaml", "unknown", 0, ["team-a/team"]],
    ]);
  });

  test("each key: how many files each version has wrapped, versions that only files know too", () => {
    expect(report.keys[0]?.versions.map(({ version, state, files }) => [version, state, files])).toEqual([
      ["1", "closed", 1],
      ["2", "usable", 1],
      ["3", "current", 1],
    ]);
  });

  test("a file that is ahead of the state tells of a version that the state does not know", async () => {
    const older = transitKey("transit", "sops", { latestVersion: 2, keys: [{ id: "1780000000" }] });
    const { keys, files } = await reportOfExport(exported([older]), { files: folder, failOn: "never" });
    expect(keys[0]).toMatchObject({ current: "3", rotation: "P90D" });
    expect(keys[0]).not.toHaveProperty("rotatesAt");
    expect(keys[0]?.versions.map(({ version, state, created }) => [version, state, created])).toEqual([
      ["1", "closed", undefined],
      ["2", "usable", "2026-05-28T20:26:40.000Z"],
      ["3", "current", undefined],
    ]);
    expect(files).toMatchObject({ fresh: 1, stale: 2 });
  });

  test("each Kustomization: how many files, and which keys they name instead of which the account may use", () => {
    expect(report.deliveries.map(({ name, files, keys }) => [name, files, keys])).toEqual([
      ["flux-system/apps", 2, [KEY]],
      ["team-a/team", 1, []],
    ]);
  });

  test("findings are those of status, but for versions that nobody was asked for", () => {
    expect(report.findings.map(({ id, severity, where, mend }) => [id, severity, where, mend])).toEqual([
      [
        "files-unusable",
        "critical",
        "apps-2/shut.sops.yaml",
        "lower min_decryption_version, or enable the version again; then sopsloop rewrap",
      ],
      ["files-wrong-recipients", "high", "team/foreign.sops.yaml", "sops updatekeys"],
      ["files-stale", "medium", "apps/old.sops.yaml", "sopsloop rewrap"],
    ]);
    expect(report.summary).toMatchObject({ stale: 2, findings: { critical: 1, high: 1, medium: 1, low: 0 } });
    expect(report.checks).toEqual(["files"]);
  });

  test("the keys of files do not make up for keys that the stack does not have", async () => {
    const other = outputs({}, { vaultTransitUri: "https://other.example.com/v1/transit/keys/sops" });
    const { files, keys } = await reportOfExport(exported([], other), { files: folder, failOn: "never" });
    expect(files).toMatchObject({ fresh: 0, stale: 0, unknown: 4 });
    expect(keys[0]?.versions.map(({ files: count }) => count)).toEqual([0, 0, 0]);
  });
});

describe("a state that is older than the files", () => {
  const key = {
    id: KEY,
    backend: "vault",
    name: "transit/keys/sops",
    current: "3",
    oldestUsable: "1",
    versions: [],
  } as const;
  const versions = new DeclaredVersions("hc_vault", [{ ...key, versions: [] }]);

  test("the newest version that a file names is the current", async () => {
    const recipients = ["3", "5", "4"].map((version) => recipient("hc_vault", KEY, version));
    const answers = await versions.currentVersions(recipients);
    const state = answers.get(KEY);
    expect(state).toEqual({ current: "5", oldestUsable: "1" });
    if (typeof state !== "object") throw new Error("it is known");
    expect(recipients.map((each) => versions.versionsBehind(each, state))).toEqual([2, 0, 1]);
  });

  test("a key of another stack, and Azure's, are not known", async () => {
    const answers = await versions.currentVersions([recipient("hc_vault", "https://x/v1/a/keys/b", "1")]);
    expect([...answers.values()]).toEqual(["it is none of the stack's keys"]);
    const azure = new DeclaredVersions("azure_kv", [{ ...key, id: "https://kv/keys/a", versions: [] }]);
    const asked = await azure.currentVersions([recipient("azure_kv", "https://kv/keys/a", "1")]);
    expect([...asked.values()]).toEqual(["the stack's state does not tell Azure's current version"]);
  });
});
