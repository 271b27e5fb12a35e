import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { unzipSync } from "fflate";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Built, bundle, functionPackage, type Platform } from "../../relay/build";

const ROOT = join(__dirname, "..", "..");
const LARGEST = 2 * 1024 * 1024;

let folder: string;
/** Made once for all the tests that only look at it. */
const made: Record<string, Built> = {};

function theBundle(platform: Platform): Built {
  made[platform] ??= bundle(platform, ROOT);
  return made[platform];
}

function thePackage(): Built {
  made.package ??= functionPackage(ROOT);
  return made.package;
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "sopsloop-bundle-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The project's sources in another place, as another clone has them. */
function clone(name: string): string {
  const root = join(folder, name);
  mkdirSync(root);
  for (const part of ["relay", "package.json", "tsconfig.json"])
    cpSync(join(ROOT, part), join(root, part), { recursive: true });
  symlinkSync(join(ROOT, "node_modules"), join(root, "node_modules"));
  return root;
}

describe.each(["azure-functions", "node"] as const)("the bundle for %s", (platform) => {
  test("is one file of at most 2 MiB that holds no path of this machine", () => {
    const { bytes } = theBundle(platform);
    expect(bytes.byteLength).toBeLessThanOrEqual(LARGEST);
    const text = Buffer.from(bytes).toString();
    expect(text).not.toContain(ROOT);
    expect(text).not.toContain("node_modules/");
  });

  test("has the same bytes wherever and whenever it is made, others once a source has changed", () => {
    const { bytes, sha256 } = theBundle(platform);
    const root = clone(platform);
    expect(bundle(platform, root)).toEqual({ bytes, sha256 });
    writeFileSync(join(root, "relay", "platforms", "meter-name.ts"), 'export const METER = "other";\n');
    expect(bundle(platform, root).sha256).not.toBe(sha256);
  });

  test("holds nothing that could decrypt", () => {
    const text = Buffer.from(theBundle(platform).bytes).toString();
    for (const word of ["keyvault-keys", "CryptographyClient", "/decrypt", "unwrapkey", "vault.azure.net"])
      expect(text.toLowerCase()).not.toContain(word.toLowerCase());
  });
});

describe("the function package", () => {
  test("is the same whenever it is made", () => {
    expect(functionPackage(ROOT)).toEqual(thePackage());
  });

  test("holds the three files that the host needs", () => {
    const files = unzipSync(thePackage().bytes);
    expect(Object.keys(files)).toEqual(["host.json", "package.json", "relay.cjs"]);
    const read = (name: string) => JSON.parse(Buffer.from(files[name] ?? []).toString());
    expect(read("host.json")).toMatchObject({ version: "2.0", extensions: { http: { routePrefix: "" } } });
    expect(read("package.json").main).toBe("relay.cjs");
    expect(Buffer.from(files["relay.cjs"] ?? [])).toEqual(Buffer.from(theBundle("azure-functions").bytes));
  });

  test("registers its two functions with the host, and says in words what is wrong with its settings", () => {
    const root = join(folder, "app");
    mkdirSync(join(root, "node_modules", "@azure", "functions-core"), { recursive: true });
    for (const [name, bytes] of Object.entries(unzipSync(thePackage().bytes)))
      writeFileSync(join(root, name), bytes);
    // The part of the host that the worker puts in front of a function app.
    writeFileSync(
      join(root, "node_modules", "@azure", "functions-core", "index.js"),
      `exports.version = "0"; exports.hostVersion = "4"; exports.setProgrammingModel = () => {};
       exports.registerHook = () => ({ dispose() {} });
       exports.registerFunction = (metadata) => console.log(JSON.stringify(metadata));`,
    );
    const load = (env: Record<string, string>) =>
      execFileSync(process.execPath, ["-e", "require('./relay.cjs')"], {
        cwd: root,
        env,
        encoding: "utf8",
        stdio: "pipe",
      });
    const functions = load({
      ...{
        GITLAB_URL: "https://gitlab.example.com",
        GITLAB_PROJECT: "1",
        GITLAB_TRIGGER_TOKEN: "glptt-12345678",
      },
      ...{
        RELAY_AUTH: "secret",
        RELAY_SECRET: "s".repeat(32),
        RELAY_KEYS: "kv-one/sops",
        RELAY_SUBSCRIPTIONS: "s",
      },
      RELAY_CLAIMS: "https://account.table.core.windows.net/claims",
    })
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(functions.map(({ name }) => name)).toEqual(["relay", "forget-old-claims"]);
    expect(Object.values(functions[0].bindings)).toContainEqual(
      expect.objectContaining({ type: "httpTrigger", authLevel: "anonymous", route: "{*path}" }),
    );
    expect(() => load({})).toThrow(/GITLAB_URL: is not set/);
  });
});
