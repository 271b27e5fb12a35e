import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import type { AzureApi } from "../../../sandbox/servers/azure-api";
import { devConfig } from "./dev-config";
import type { Loop } from "./loop";
import { suspicious } from "./secret-scan";
import { digestsIn, publicValues, secretsOf } from "./secret-values";
import type { Stack } from "./stack";
import { TOKENS } from "./tokens";

interface Searched {
  readonly loop: Loop;
  readonly stack: Stack;
  readonly azure: AzureApi;
  /** URL of the vault with the key. */
  readonly vault: string;
}

/** Whoever may read a stack, its reports and its logs comes to no secret by them. The stack is one with all that there is. */
export function describeNoSecrets(given: () => Searched): void {
  describe("nothing that anybody may read holds a secret", () => tests(given));
}

/**
 * Logs of servers that we did not write: ids of their own choice are in them, and some look like chance (accessors, revisions). There
 * the secrets themselves are looked for, and whatever has the form of a token.
 */
const OTHERS = /^(vault|etcd|kube-apiserver|(kustomize|notification|source)-controller)\.log$/;

function tests(given: () => Searched): void {
  let secrets: readonly string[];
  let known: readonly string[];
  let exported: string;
  let loop: Loop;
  let stack: Stack;

  beforeAll(async () => {
    const { azure, vault, ...rest } = given();
    ({ loop, stack } = rest);
    exported = await stack.exported();
    secrets = await secretsOf(loop, stack);
    known = await publicValues(loop, azure, vault);
  });

  const named = (text: string, where: string) => {
    expect(
      secrets.filter((secret) => text.includes(secret)),
      where,
    ).toEqual([]);
    expect(TOKENS.test(text), where).toBe(false);
  };
  const clean = (text: string, where = "") => {
    named(text, where);
    // With what stands before it, to be found again.
    const shown = (run: string) => text.slice(Math.max(0, text.indexOf(run) - 80), text.indexOf(run) + 8);
    expect(suspicious(text, [...known, ...digestsIn(exported)]).map(shown), where).toEqual([]);
  };
  const cleanReport = (text: string) => {
    expect(text.length).toBeGreaterThan(500);
    clean(text);
  };

  test("the look for them finds what is there to be found", () => {
    expect(secrets.length).toBeGreaterThan(8);
    // One in eighty runs of 32 letters has, by chance, no digit or too few different ones.
    const missed = secrets.filter(
      (secret) =>
        /[A-Za-z0-9+/_=-]{40,}/.test(secret) && suspicious(`{ "value": "${secret}" }`, known).length === 0,
    );
    // Of what form they are, which is no secret.
    expect(missed.map((secret) => secret.replace(/[a-zA-Z]/g, "a").replace(/\d/g, "0"))).toEqual([]);
  });

  test("the state and the outputs", async () => {
    cleanReport(exported);
    cleanReport(await stack.succeed("stack", "output", "--json"));
  });

  test.each(["json", "markdown", "html"])("the audit as %s", async (format) => {
    const state = join(loop.layout.root, "state.json");
    // Who exports with --show-secrets has a file with all of them; the report still has none.
    writeFileSync(state, await stack.succeed("stack", "export", "--show-secrets"), { mode: 0o600 });
    const { code, stdout, stderr } = await loop.as(
      {},
      ...["sopsloop", "audit", "--export", state, "--policies", "--fail-on", "never", "--format", format],
    );
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    cleanReport(stdout);
  });

  const live = (format: string) =>
    loop.as(
      {},
      ...["sopsloop", "audit", "--export", join(loop.layout.root, "state.json"), "--format", format],
      ...["--live", "--vault-log", loop.layout.vault.audit],
    );

  test("the audit of the live systems, which finds nothing in a stack as it was made", async () => {
    const { stdout } = await live("json");
    cleanReport(stdout);
    const { findings, skipped } = JSON.parse(stdout) as {
      findings: readonly { origin: string }[];
      skipped: unknown;
    };
    expect({ findings: findings.filter(({ origin }) => origin === "live"), skipped }).toEqual({
      findings: [],
      skipped: [],
    });
  });

  test.each(["markdown", "html"])("the same as %s", async (format) => {
    const { stdout } = await live(format);
    expect(stdout).toContain("transit/keys/sops");
    cleanReport(stdout);
  });

  test("the comment of a preview that changes keys, policies and tokens", async () => {
    stack.configure({
      "sopsloop:vault": devConfig(loop.layout, { vault: { guide: false } })["sopsloop:vault"],
    });
    const preview = join(loop.layout.root, "preview.json");
    writeFileSync(preview, await stack.succeed("preview", "--json"), { mode: 0o600 });
    const { code, stdout } = await loop.as({}, "sopsloop", "preview-comment", preview);
    expect(code).toBe(0);
    cleanReport(stdout);
  });

  test("logs of servers, controllers, the relay and jobs", () => {
    const { logs, gitlab: folders } = loop.layout;
    const files = [logs, join(folders.folder, "ci", "traces")].flatMap(filesUnder);
    expect(files.map((file) => basename(file))).toEqual(
      expect.arrayContaining(["sopsloop-relay.log", "azure.log", "kustomize-controller.log"]),
    );
    for (const file of files) (OTHERS.test(basename(file)) ? named : clean)(readFileSync(file, "utf8"), file);
  });
}

function filesUnder(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .map((name) => join(folder, name))
    .filter((file) => statSync(file).isFile());
}
