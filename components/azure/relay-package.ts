import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, renameSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { configPath } from "../config/problems";

/** A function app's code as it is uploaded. */
export interface RelayPackage {
  /** Relative to the project folder: an absolute path would differ from checkout to checkout. */
  readonly path: string;
  /** Of the file's bytes, in hexadecimal. */
  readonly sha256: string;
}

const FOLDER = join("dist", "relay");
const ZIP = join(FOLDER, "function.zip");
/** What the package was made from. */
const INPUTS = join(FOLDER, "inputs.json");
/** Beside the relay's own sources: versions of packages, and how TypeScript is read. */
const SETTINGS = ["package-lock.json", "tsconfig.json"];

/** The package that the config names. Throws with the config's key when there is none. */
export function givenPackage(path: string): RelayPackage {
  try {
    return { path, sha256: hashOf(path) };
  } catch {
    throw new pulumi.RunError(
      `${configPath(["azure", "relay", "package"])}: is "${path}", which cannot be read; name the zip that was built, or remove it to have it built here`,
    );
  }
}

/** The package of the relay's own sources, built when they have changed since the last time: an unchanged relay costs a look at its files. */
export function ownPackage(build: (zip: string) => void = buildInChild): RelayPackage {
  const inputs = JSON.stringify([...filesBelow("relay"), ...SETTINGS].map(stateOf));
  if (textOf(INPUTS) !== inputs || textOf(ZIP) === undefined) {
    mkdirSync(FOLDER, { recursive: true });
    const made = `${ZIP}.${process.pid}`;
    build(made);
    renameSync(made, ZIP);
    writeFileSync(INPUTS, inputs);
  }
  return { path: ZIP, sha256: hashOf(ZIP) };
}

/** In a process of its own: the bundler would be a second and more of every preview's start. */
function buildInChild(zip: string): void {
  const script = `require("node:fs").writeFileSync(${JSON.stringify(zip)}, require("./relay/build.ts").functionPackage(process.cwd()).bytes)`;
  const { status, stderr } = spawnSync(process.execPath, ["--require", "tsx/cjs", "--eval", script], {
    encoding: "utf8",
  });
  if (status !== 0) throw new pulumi.RunError(`the relay cannot be built:\n${stderr.trim()}`);
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      return entry.isDirectory() ? filesBelow(path) : [path];
    })
    .sort();
}

function stateOf(file: string) {
  const { size, mtimeMs } = statSync(file);
  return { file, size, changed: mtimeMs };
}

function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}

function hashOf(path: string): string {
  return createHash("sha256").update(readFileSync(path)).digest("hex");
}
