// Runs a bundle with the bytecode that V8 made of it in an earlier run: compiling takes a fifth of what a short command does.
const { isAscii } = require("node:buffer");
const { createHash } = require("node:crypto");
const { readFileSync, renameSync, rmSync, writeFileSync } = require("node:fs");
const { createRequire } = require("node:module");
const { dirname } = require("node:path");
const { Script } = require("node:vm");

/** V8 knows a source by its length alone: a cache must never be met by another source of that length. */
const HASHED = /-[A-Z0-9]{8}\.c?js$/;

/** What a mistyped word has loaded is not worth keeping. */
const WRONG_USAGE = 2;

const SUM = 32;
const sumOf = (bytes) => createHash("sha256").update(bytes).digest();

/** V8 trusts what it is given, and would crash on a file that lost its content with the power. Hence the sum in front. */
function cacheOf(file) {
  try {
    const kept = readFileSync(file);
    const code = kept.subarray(SUM);
    return kept.subarray(0, SUM).equals(sumOf(code)) ? code : undefined;
  } catch {
    return undefined;
  }
}

/** Beside its place first, then moved there: several may end at the same time. A folder that cannot be written to goes without. */
function keep(script, file) {
  const made = `${file}.${process.pid}.tmp`;
  try {
    const code = script.createCachedData();
    writeFileSync(made, Buffer.concat([sumOf(code), code]), { mode: 0o600 });
    renameSync(made, file);
  } catch {
    rmSync(made, { force: true });
  }
}

/**
 * Runs a CommonJS bundle. At the end of a run without a cache that fits this version of Node, what V8 has compiled by then is kept.
 *
 * @param {object} options
 * @param {string} options.file the bundle, best in ASCII only, with esbuild's hash of its content in its name
 * @param {Buffer} [options.bytes] its content, for whoever has it already
 * @param {string} options.use what it is run for: each use compiles other parts and has a cache of its own. A short word; others have none.
 */
exports.runCached = function runCached({ file, bytes = readFileSync(file), use }) {
  if (!HASHED.test(file))
    throw new Error(`${file}: a bundle without a hash in its name cannot have a code cache`);
  // What is ASCII alone is read faster so, and takes half the room; esbuild leaves tagged templates as they were written.
  const source = bytes.toString(isAscii(bytes) ? "latin1" : "utf8");
  const known = /^[a-z][a-z-]{0,19}$/.test(use) ? `${file}.${use}.cache` : undefined;
  const cachedData = known && cacheOf(known);
  const wrapped = `(function (exports, require, module, __filename, __dirname) {${source}\n})`;
  const script = new Script(wrapped, { filename: file, cachedData });
  if (known && (!cachedData || script.cachedDataRejected))
    process.on("exit", (code) => {
      if (code !== WRONG_USAGE) keep(script, known);
    });
  const module = { exports: {} };
  script.runInThisContext()(module.exports, createRequire(file), module, file, dirname(file));
};
