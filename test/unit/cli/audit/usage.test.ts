import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { Finding } from "../../../../cli/audit/finding";
import { type AuditOptions, audit } from "../../../../cli/commands/audit";
import { audited } from "./support/audited";
import { exported, MADE, outputs } from "./support/stack";

const files = {
  "e.json": exported(),
  "o.json": outputs(),
  "torn.json": '{"version":3,',
  "empty.json": { deployment: { resources: [] } },
  "other.json": { version: 3 },
  "old.json": { schema: "sopsloop.audit/1" },
  "policies.json": { "no-such-rule": "disabled" },
  "young.json": {
    ...outputs(),
    audit: { ...(outputs().audit as object), roles: "04da6b54-80e4-46f7-96ec-b56ff0331ba9" },
  },
};

describe("wrong usage: one line that says how to mend it, and exit code 2", () => {
  test.each<[AuditOptions, string]>([
    [{ export: "e.json", outputs: "o.json" }, "give one of --stack, --export and --outputs, not several"],
    [{ export: "none.json" }, "--export none.json: cannot be read (ENOENT); name a file"],
    [{ export: "torn.json" }, "torn.json: is not JSON; write it with: pulumi stack export"],
    [{ outputs: "torn.json" }, "torn.json: is not JSON; write it with: pulumi stack output --json"],
    [{ export: "other.json" }, "other.json: is no exported stack; write it with: pulumi stack export"],
    [
      { export: "empty.json" },
      "empty.json: has no output audit; is it a stack of sopsloop, and has pulumi up run?",
    ],
    [
      { outputs: "empty.json" },
      "empty.json: has no output audit; is it a stack of sopsloop, and has pulumi up run?",
    ],
    [
      { outputs: "young.json" },
      "young.json: has no usable audit.roles; is it a stack of sopsloop, and has pulumi up run?",
    ],
    [
      { outputs: "o.json", policies: true },
      "--policies judges resources, and --outputs has none; give --export FILE or --stack NAME",
    ],
    [{ export: "e.json", policyConfig: "policies.json" }, "--policy-config is for --policies; give both"],
    [
      { export: "e.json", policies: true, policyConfig: "policies.json" },
      "--policy-config policies.json: no-such-rule: is no rule of this pack; see docs/policies.md",
    ],
    [
      { export: "e.json", policies: true, policyConfig: "torn.json" },
      "--policy-config torn.json: is not JSON; see docs/policies.md",
    ],
    [{ export: "e.json", format: "pdf" }, "--format pdf: is none; give json, markdown, html"],
    [
      { export: "e.json", failOn: "severe" },
      "--fail-on severe: is no severity; give critical, high, medium, low or never",
    ],
    [
      { export: "e.json", since: "old.json" },
      "--since old.json: is no earlier report; write one with: sopsloop audit --format json",
    ],
    [
      { export: "e.json", output: "no/such/folder/a.html" },
      "--output no/such/folder/a.html: cannot be written (ENOENT); name a file in a folder that is there",
    ],
    [{ export: "e.json", files: "nowhere" }, expect.stringContaining("nowhere: no such file or folder")],
  ])("%j", async (options, message) => {
    await expect(audited(options, files)).rejects.toMatchObject({ name: "CliError", exitCode: 2, message });
  });

  test("a report of another stack is compared with none", async () => {
    const old = await audited({ export: "e.json", format: "json" }, files);
    const other = { ...JSON.parse(old.out), stack: "sopsloop/dev" };
    await expect(
      audited({ export: "e.json", since: "dev.json" }, { ...files, "dev.json": other }),
    ).rejects.toThrow(
      "--since dev.json: is of stack sopsloop/dev, this one is sopsloop/prod; give one of the same stack",
    );
  });

  test("no pulumi on this machine", async () => {
    await expect(audited({}, {}, {}, { PATH: "/nowhere" })).rejects.toThrow(
      "pulumi cannot be started; install it, or give --export FILE",
    );
  });
});

describe("--stack asks Pulumi", () => {
  const ask = async (script: string, options: AuditOptions) => {
    const folder = mkdtempSync(join(tmpdir(), "sopsloop-audit-pulumi-"));
    try {
      writeFileSync(join(folder, "e.json"), JSON.stringify(exported()));
      writeFileSync(join(folder, "pulumi"), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
      let text = "";
      const stdout = { write: (part: string) => (text += part) };
      const env = { PATH: `${folder}:${process.env.PATH}` };
      await audit(options, { stdout, stderr: stdout, env, cwd: folder, isTerminal: false }, {}, MADE);
      return { text, words: readFileSync(join(folder, "words"), "utf8") };
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  };

  test("for the state of that stack, secrets hidden", async () => {
    const { text, words } = await ask('echo "$@" > words; cat e.json', { stack: "prod", format: "json" });
    expect(words).toBe("stack export --non-interactive --stack=prod\n");
    expect(JSON.parse(text)).toMatchObject({
      stack: "sopsloop/prod",
      source: { kind: "stack", stateOf: "2026-11-25T12:00:00.000Z" },
    });
  });

  test("for the selected one when none is named", async () => {
    const { words } = await ask('echo "$@" > words; cat e.json', {});
    expect(words).toBe("stack export --non-interactive\n");
  });

  test("what Pulumi refuses is told in one line", async () => {
    await expect(ask('echo "error: no stack named prod" >&2; exit 255', { stack: "prod" })).rejects.toThrow(
      "pulumi stack export: no stack named prod; run this in the program's folder, with --stack NAME or --export FILE",
    );
  });
});

describe("exit code 1 where something grave was found", () => {
  const found = (severity: Finding["severity"]) => ({
    live: async () => ({
      findings: [{ id: "x", severity, origin: "live", where: "a", what: "b", mend: "c" } as const],
      grants: [],
      skipped: [],
    }),
  });
  test.each<[AuditOptions["failOn"], Finding["severity"], number]>([
    [undefined, "critical", 1],
    [undefined, "high", 1],
    [undefined, "medium", 0],
    ["medium", "medium", 1],
    ["medium", "low", 0],
    ["critical", "high", 0],
    ["never", "critical", 0],
  ])("--fail-on %s, found %s: %i", async (failOn, severity, code) => {
    const options = { export: "e.json", ...(failOn !== undefined && { failOn }) };
    expect((await audited(options, files, found(severity))).code).toBe(code);
  });
});

describe("--output writes the whole file or none", () => {
  const written = async (options: AuditOptions) => {
    const folder = mkdtempSync(join(tmpdir(), "sopsloop-audit-output-"));
    try {
      writeFileSync(join(folder, "e.json"), JSON.stringify(exported()));
      const none = { write: () => true };
      await audit(options, { stdout: none, stderr: none, env: {}, cwd: folder, isTerminal: false }, {}, MADE);
      const [name = "", ...others] = readdirSync(folder).filter((each) => each !== "e.json");
      return { name, others, text: readFileSync(join(folder, name), "utf8") };
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  };

  test.each([
    ["a.json", /^\{\n {2}"schema": "sopsloop.audit\/1"/],
    ["a.md", /^## Audit of `sopsloop\/prod`/],
    ["a.html", /^<!doctype html>/],
    ["a.txt", /^## Audit of/],
  ])("%s: its ending says the format", async (output, beginning) => {
    expect(await written({ export: "e.json", output })).toEqual({
      name: output,
      others: [],
      text: expect.stringMatching(beginning),
    });
  });

  test("--format says it otherwise", async () => {
    const { text } = await written({ export: "e.json", output: "a.txt", format: "html" });
    expect(text).toMatch(/^<!doctype html>/);
  });
});
