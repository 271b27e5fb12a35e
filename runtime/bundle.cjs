// Bundles TypeScript sources when they have changed since the last time. Shared by the program, the policy pack and the command, which
// are started often and would otherwise be compiled at each start.
const { randomUUID } = require("node:crypto");
const { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } = require("node:fs");
const { basename, dirname, join } = require("node:path");
const { inputsOf, unchanged } = require("./inputs.cjs");

/** Decide over what is bundled as much as the sources do: versions of packages, how TypeScript is read, how it is bundled. */
const SETTINGS = [
  "package-lock.json",
  "tsconfig.json",
  join("runtime", "bundle.cjs"),
  join("cli", "launcher", "sopsloop.cjs"),
];
/** Beside the bundle: its name, and what it was made from. */
const RECORD = "inputs.json";

/**
 * @typedef {object} Bundle
 * @property {string} root project folder: inputs are kept relative to it
 * @property {string} entry source file, relative to the root
 * @property {string} folder where the bundle is to be; deleted and made anew as a whole
 * @property {import("esbuild").BuildOptions} options how this bundle differs from others; it is one file
 */

/**
 * @typedef {object} Code
 * @property {string} file where the bundle is, or would be
 * @property {Buffer} bytes its content
 * @property {boolean} kept whether it is there
 */

/**
 * The bundle that is kept, where it was made from the sources as they are now.
 *
 * @param {Bundle} bundle
 * @returns {Code | undefined}
 */
function keptCode({ root, folder }) {
  try {
    const { output, inputs } = JSON.parse(readFileSync(join(folder, RECORD), "utf8"));
    const now = unchanged(root, inputs);
    if (!now) return undefined;
    const file = join(folder, output);
    const bytes = readFileSync(file);
    if (now.some((input, index) => input !== inputs[index])) refresh(folder, { output, inputs: now });
    return { file, bytes, kept: true };
  } catch {
    return undefined;
  }
}

/** Spares the next start the reading of its sources, where the folder can be written to. */
function refresh(folder, record) {
  const made = join(folder, `${RECORD}.${randomUUID()}`);
  try {
    writeFileSync(made, JSON.stringify(record));
    renameSync(made, join(folder, RECORD));
  } catch {
    rmSync(made, { force: true });
  }
}

/** What every bundle has in common. */
function optionsOf({ root, entry, folder, options }) {
  return {
    absWorkingDir: root,
    entryPoints: [entry],
    outdir: folder,
    // By its name a record knows its bundle again, and V8 the bytecode that belongs to it.
    entryNames: "[name]-[hash]",
    write: false,
    bundle: true,
    platform: "node",
    target: "node20",
    metafile: true,
    logLevel: "silent",
    ...options,
  };
}

function compile(bundle) {
  const { buildSync } = require("esbuild");
  try {
    const { metafile, outputFiles } = buildSync(optionsOf(bundle));
    const [{ path, contents }] = outputFiles;
    // Packages are known by the lock file.
    const own = Object.keys(metafile.inputs).filter((file) => !file.includes("node_modules/"));
    return { file: path, bytes: Buffer.from(contents), sources: own };
  } catch (error) {
    if (!error.errors) throw error;
    // The engine shows a SyntaxError without the stack of whoever found it.
    throw new SyntaxError(error.message);
  }
}

/** Makes the bundle's folder beside its place, then moves it there: several may start at the same time. Whether that went well. */
function keep({ folder }, name, bytes, inputs) {
  const made = `${folder}-${randomUUID()}`;
  const old = `${made}.old`;
  try {
    mkdirSync(dirname(folder), { recursive: true });
    // For all who may read the sources: an image's bundle is made by another user than runs it.
    mkdirSync(made);
    writeFileSync(join(made, name), bytes);
    writeFileSync(join(made, RECORD), JSON.stringify({ output: name, inputs }));
    if (existsSync(folder)) renameSync(folder, old);
    renameSync(made, folder);
    return true;
  } catch {
    // No right to write, a full disk, or another start that has put its own there meanwhile.
    return false;
  } finally {
    for (const left of [made, old]) remove(left);
  }
}

function remove(folder) {
  try {
    rmSync(folder, { recursive: true, force: true });
  } catch {
    // Somebody else's, which this user may move and not delete.
  }
}

/**
 * The bundle as the sources are now: the one that is kept, or else a new one, which is kept where its folder can be written to. Throws a
 * SyntaxError where a source cannot be compiled: file, line and what is wrong.
 *
 * @param {Bundle} bundle
 * @returns {Code}
 */
exports.bundled = function bundled(bundle) {
  const known = keptCode(bundle);
  if (known) return known;
  const started = Date.now();
  const { file, bytes, sources } = compile(bundle);
  const settings = SETTINGS.filter((name) => existsSync(join(bundle.root, name)));
  const inputs = inputsOf(bundle.root, [...sources, ...settings], started);
  return { file, bytes, kept: keep(bundle, basename(file), bytes, inputs) };
};
