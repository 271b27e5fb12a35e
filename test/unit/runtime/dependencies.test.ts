import { builtinModules } from "node:module";
import { join } from "node:path";
import { buildSync } from "esbuild";
import { expect, test } from "vitest";
import { dependencies } from "../../../package.json";

const ROOT = join(__dirname, "..", "..", "..");

/** Packages that the sources of an entry import, each by its name. */
function packagesOf(entry: string): string[] {
  const { metafile } = buildSync({
    absWorkingDir: ROOT,
    entryPoints: [entry],
    bundle: true,
    packages: "external",
    platform: "node",
    format: "cjs",
    outdir: "nowhere",
    write: false,
    metafile: true,
  });
  const imported = Object.values(metafile.inputs).flatMap(({ imports }) => imports);
  const names = imported.filter(({ external }) => external).map(({ path }) => nameOf(path));
  return [...new Set(names)].filter((name) => !name.startsWith("node:") && !builtinModules.includes(name));
}

function nameOf(path: string): string {
  const [scope = "", name = ""] = path.split("/");
  return scope.startsWith("@") ? `${scope}/${name}` : scope;
}

test.each([
  "cli/main.ts",
  "index.ts",
  "policies/index.ts",
  "relay/platforms/node-main.ts",
  "relay/platforms/azure-functions-main.ts",
])("what %s imports is installed without the packages of development too", (entry) => {
  const packages = packagesOf(entry);
  expect(packages).not.toEqual([]);
  expect(packages.filter((name) => !Object.hasOwn(dependencies, name))).toEqual([]);
});
