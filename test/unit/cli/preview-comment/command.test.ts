import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type PreviewCommentOptions, previewComment } from "../../../../cli/commands/preview-comment";
import { previewCommentReport } from "../../../../cli/preview-comment/report-schema";
import { main } from "../../../../cli/program";
import { audit } from "./support/audit";
import { digestOf, eventsOf } from "./support/engine";
import { recorded } from "./support/recorded";

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "sopsloop-preview-comment-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs the command on a preview; the text comes by standard input. */
async function run(text: string, options: PreviewCommentOptions = {}, env: Record<string, string> = {}) {
  let [out, err] = ["", ""];
  const stdout = { write: (part: string) => (out += part) };
  const stderr = { write: (part: string) => (err += part) };
  const io = { stdout, stderr, env: { PATH: process.env.PATH, ...env }, cwd: folder, isTerminal: false };
  const code = await previewComment(options, io, Readable.from([Buffer.from(text)]));
  return { code, out, err };
}

const file = (name: string, text: string) => {
  writeFileSync(join(folder, name), text);
  return name;
};

describe("without --post it prints the comment", () => {
  test("from standard input and from a file, the same each time", async () => {
    const text = recorded("roles", "events");
    const first = await run(text);
    expect(first).toMatchObject({ code: 0, err: "" });
    expect(first.out).toContain("## Pulumi preview of `loop/dev`");
    expect(await run(text, { file: "-" })).toEqual(first);
    expect(await run("", { file: file("p.json", text) })).toEqual(first);
  });

  test("a preview that failed says so first, and the exit code does too", async () => {
    const { code, out } = await run(recorded("failed", "digest"));
    expect(code).toBe(1);
    expect(out.split("\n\n")[1]).toMatch(/^❌ \*\*This preview failed/);
  });

  test("pulumi's exit code tells what a digest does not", async () => {
    const text = recorded("roles", "digest");
    expect((await run(text, { exitCode: "0" })).code).toBe(0);
    const { code, out } = await run(text, { exitCode: "255" });
    expect([code, out.includes("pulumi preview ended with exit code 255.")]).toEqual([1, true]);
  });

  test("nothing printed at all: still the comment of this stack", async () => {
    const { code, out } = await run("", { stack: "loop/dev" });
    expect(code).toBe(1);
    expect(await run("", { stack: "loop/organisation/dev" })).toEqual({ code, out, err: "" });
    expect(out).toMatch(/^<!-- sopsloop preview-comment loop%2Fdev -->\n## Pulumi preview of `loop\/dev`\n/);
  });

  test("as JSON", async () => {
    const { code, out } = await run(recorded("new-key", "events"), { json: true });
    expect(code).toBe(0);
    expect(previewCommentReport.parse(JSON.parse(out))).toMatchObject({
      stack: "loop/dev",
      counts: { replace: 1 },
    });
  });

  test("secrets of the job's variables are in no text, though the program prints them", async () => {
    const text = digestOf({ diagnostics: [{ severity: "info", message: "env: Sup3rSecretValue" }] });
    const { out } = await run(text, {}, { DEPLOY_TOKEN: "Sup3rSecretValue" });
    expect(out).toContain("env: [secret]");
  });
});

describe("--deploy counts the files of a checkout", () => {
  const enc = (key: string) =>
    `data: ENC[AES256_GCM,data:eA==,iv:eA==,tag:eA==,type:str]\nsops:\n  hc_vault:\n  - vault_address: https://vault.example.com:8200\n    engine_path: transit\n    key_name: ${key}\n    created_at: "2026-01-01T00:00:00Z"\n    enc: vault:v1:eHh4\n  lastmodified: "2026-01-01T00:00:00Z"\n  mac: ENC[AES256_GCM,data:eA==,iv:eA==,tag:eA==,type:str]\n  version: 3.13.3\n`;

  test("that need the key which goes", async () => {
    const git = (...words: string[]) =>
      execFileSync("git", words, { cwd: join(folder, "deploy"), stdio: "pipe" });
    execFileSync("git", ["init", "--quiet", join(folder, "deploy")]);
    writeFileSync(join(folder, "deploy", "a.sops.yaml"), enc("sops"));
    writeFileSync(join(folder, "deploy", "b.sops.yaml"), enc("other"));
    writeFileSync(join(folder, "deploy", "torn.sops.yaml"), enc("sops").slice(0, 70));
    git("add", "-A");
    const { out } = await run(recorded("new-key", "digest"), { deploy: "deploy" });
    expect(out).toContain(
      "Destroys the only key of 1 file of the deploy repository: `a.sops.yaml`. 1 file cannot be read, and may need it too.",
    );
  });

  test("what is no checkout", async () => {
    await expect(run("", { deploy: "nowhere" })).rejects.toMatchObject({ exitCode: 2 });
  });
});

describe("--old-audit compares with another report than the state's", () => {
  const text = eventsOf({ before: { audit: audit() }, after: { audit: audit() } });

  test("alone or among all outputs", async () => {
    const old = audit({ roles: audit().roles.slice(0, 1) });
    for (const value of [old, { audit: old, vaultAddress: "x" }]) {
      const { out } = await run(text, { oldAudit: file("old.json", JSON.stringify(value)) });
      expect(out).toContain("**Can decrypt from then on:** `auth/kubernetes/role/team-a_flux`.");
    }
  });

  test.each(["{}", "no json", '{"audit":[]}'])("%s is no report", async (content) => {
    await expect(run(text, { oldAudit: file("bad.json", content) })).rejects.toThrow(
      "--old-audit bad.json: is no audit report; write it with: pulumi stack output audit --json",
    );
  });
});

describe("wrong usage is told before anything is read", () => {
  test.each<[PreviewCommentOptions, RegExp]>([
    [{ file: "nowhere.json" }, /^nowhere\.json: cannot be read \(ENOENT\); name a file$/],
    [{ stack: "dev" }, /^--stack dev: begin with the project, as in project\/stack$/],
    [{ stack: "loop/" }, /^--stack loop\/: begin with the project/],
    [{ stack: "loop/prod" }, /^--stack loop\/prod: the preview is of loop\/dev; name that one$/],
    [{ exitCode: "no" }, /^--exit-code no: is no exit code/],
    [{ post: true }, /^--post: CI_API_V4_URL is not set/],
  ])("%j", async (options, line) => {
    await expect(run(recorded("roles", "digest"), options)).rejects.toMatchObject({
      exitCode: 2,
      message: expect.stringMatching(line),
    });
  });

  test("a person at the terminal is told what to give", async () => {
    const io = {
      stdout: { write: () => 0 },
      stderr: { write: () => 0 },
      env: {},
      cwd: folder,
      isTerminal: true,
    };
    const terminal = Object.assign(Readable.from([]), { isTTY: true });
    await expect(previewComment({}, io, terminal)).rejects.toThrow(
      "no preview given; name a file, or: pulumi preview --json |",
    );
  });
});

test("the command line as a person types it", async () => {
  let [out, err] = ["", ""];
  const stdout = { write: (part: string) => (out += part) };
  const stderr = { write: (part: string) => (err += part) };
  const io = { stdout, stderr, env: {}, cwd: folder, isTerminal: false };
  const name = file("typed.json", recorded("failed", "events"));
  const words = ["preview-comment", name, "--stack", "loop/dev", "--exit-code", "1", "--json"];
  expect(await main(words, io)).toBe(1);
  expect([JSON.parse(out), err]).toMatchObject([{ failure: "The errors are under Messages." }, ""]);
  expect(await main(["preview-comment", "a", "b"], io)).toBe(2);
});

test("standard input of a process of its own", { timeout: 60_000 }, () => {
  const words = ["--import", "tsx", join(__dirname, "../../../../cli/main.ts"), "preview-comment", "-"];
  const printed = execFileSync(process.execPath, words, {
    input: recorded("roles", "digest"),
    encoding: "utf8",
  });
  expect(printed).toContain("**1 to delete**, 1 to update, 1 to create, 13 unchanged.");
});
