#!/usr/bin/env node
// Starts the command from its bundle: loading the sources through a compiler at each start would take longer than most commands do.
const { readdirSync } = require("node:fs");
const { join } = require("node:path");
const { ensureBundle } = require("../../runtime/bundle.cjs");
const { runCached } = require("../../runtime/code-cache.cjs");

const root = join(__dirname, "..", "..");
const folder = join(root, "dist", "cli");

try {
  // What the relay alone needs is twice as much as all the rest, which every start would read.
  const external = ["@azure/*", "@opentelemetry/*"];
  // Each start reads it: without remarks, some of which are not ASCII, and in lines, so that a stack still points somewhere.
  const small = { minifyWhitespace: true, lineLimit: 200 };
  const named = {
    ...small,
    external,
    format: "cjs",
    entryNames: "[name]-[hash]",
    outExtension: { ".js": ".cjs" },
  };
  ensureBundle({ root, entry: join("cli", "main.ts"), folder, options: named });
  const [file] = readdirSync(folder).filter((name) => name.endsWith(".cjs"));
  runCached({ file: join(folder, file), use: process.argv[2] ?? "" });
} catch (error) {
  process.stderr.write(`sopsloop: ${error.message}\n`);
  process.exitCode = 1;
}
