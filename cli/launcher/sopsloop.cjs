#!/usr/bin/env node
// Starts the command from its bundle: loading the sources through a compiler at each start would take longer than most commands do.
const { join } = require("node:path");
const { bundled } = require("../../runtime/bundle.cjs");
const { runCached } = require("../../runtime/code-cache.cjs");

const root = join(__dirname, "..", "..");
const folder = join(root, "dist", "cli");

try {
  // What the relay alone needs is twice as much as all the rest, which every start would read.
  const external = ["@azure/*", "@opentelemetry/*"];
  // Each start reads it: without remarks, some of which are not ASCII, and in lines, so that a stack still points somewhere.
  const options = {
    external,
    format: "cjs",
    minifyWhitespace: true,
    lineLimit: 200,
    outExtension: { ".js": ".cjs" },
  };
  const { file, bytes, kept } = bundled({ root, entry: join("cli", "main.ts"), folder, options });
  runCached({ file, bytes, use: kept ? (process.argv[2] ?? "") : "" });
} catch (error) {
  process.stderr.write(`sopsloop: ${error.message}\n`);
  process.exitCode = 1;
}
