import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { unzipSync } from "fflate";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { givenPackage, ownPackage } from "../../../components/azure/relay-package";
import { functionPackage } from "../../../relay/build";

const PROJECT = join(__dirname, "..", "..", "..");
const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");
const before = process.cwd();
let project = "";
let built = 0;

/** In place of the bundler: the package is what the relay's source says. */
function build(zip: string): void {
  built += 1;
  writeFileSync(zip, readFileSync(join("relay", "handler.ts")));
}

beforeEach(() => {
  project = mkdtempSync(join(tmpdir(), "sopsloop-relay-"));
  mkdirSync(join(project, "relay", "events"), { recursive: true });
  for (const file of ["package-lock.json", "tsconfig.json", "relay/handler.ts", "relay/events/batch.ts"])
    writeFileSync(join(project, file), "first");
  process.chdir(project);
  built = 0;
});

afterEach(() => {
  process.chdir(before);
  rmSync(project, { recursive: true, force: true });
});

describe("the relay's own package", () => {
  test("is built once, and found again", () => {
    const made = ownPackage(build);
    expect(made).toEqual({ path: join("dist", "relay", "function.zip"), sha256: sha256("first") });
    expect(ownPackage(build)).toEqual(made);
    expect(built).toBe(1);
  });

  test.each(["relay/handler.ts", "relay/events/batch.ts", "package-lock.json", "tsconfig.json"])(
    "is built anew when %s has changed",
    (file) => {
      ownPackage(build);
      writeFileSync(file, "second, and longer");
      ownPackage(build);
      expect(built).toBe(2);
    },
  );

  test("is built anew when a source is newer, and when a file has gone or come", () => {
    ownPackage(build);
    utimesSync("relay/handler.ts", new Date(), new Date(Date.now() + 60_000));
    ownPackage(build);
    rmSync("relay/events/batch.ts");
    ownPackage(build);
    writeFileSync("relay/events/other.ts", "first");
    ownPackage(build);
    expect(built).toBe(4);
  });

  test("is what the relay's own build makes of it, with nothing of the machine in its name or bytes", () => {
    process.chdir(PROJECT);
    const { path, sha256: hash } = ownPackage();
    expect(path).toBe(join("dist", "relay", "function.zip"));
    const files = unzipSync(readFileSync(path));
    expect(Object.keys(files).sort()).toEqual(["host.json", "package.json", "relay.cjs"]);
    expect(hash).toBe(functionPackage(PROJECT).sha256);
  });

  test("is not half there when building fails", () => {
    const broken = (zip: string) => {
      writeFileSync(zip, "half");
      throw new Error("no");
    };
    expect(() => ownPackage(broken)).toThrow("no");
    expect(ownPackage(build).sha256).toBe(sha256("first"));
  });
});

describe("a package that the config names", () => {
  test("is known by its bytes", () => {
    writeFileSync("given.zip", "bytes");
    expect(givenPackage("given.zip")).toEqual({ path: "given.zip", sha256: sha256("bytes") });
  });

  test("and is not there, is told by the config's key", () => {
    expect(() => givenPackage("gone.zip")).toThrow(
      'sopsloop:azure.relay.package: is "gone.zip", which cannot be read; name the zip that was built, or remove it to have it built here',
    );
  });
});
