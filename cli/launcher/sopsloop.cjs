#!/usr/bin/env node
// Starts the command from its bundle: loading the sources through a compiler at each start would take longer than most commands do.
const { join } = require("node:path");
const { pathToFileURL } = require("node:url");
const { ensureBundle } = require("../../runtime/bundle.cjs");

const root = join(__dirname, "..", "..");
const folder = join(root, "dist", "cli");

/** Packages that are not ES modules look for Node's own modules by `require`. */
const REQUIRE = [
  'import { createRequire as sopsloopRequire } from "node:module";',
  "const require = sopsloopRequire(import.meta.url);",
].join("\n");

async function main() {
  const splitting = { format: "esm", splitting: true, outExtension: { ".js": ".mjs" } };
  ensureBundle({
    root,
    entry: join("cli", "main.ts"),
    folder,
    options: { ...splitting, banner: { js: REQUIRE } },
  });
  await import(pathToFileURL(join(folder, "main.mjs")).href);
}

main().catch((error) => {
  process.stderr.write(`sopsloop: ${error.message}\n`);
  process.exitCode = 1;
});
