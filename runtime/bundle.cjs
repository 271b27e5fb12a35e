// Bundles TypeScript sources when they have changed since the last time. Shared by the program and the command, which are started
// often and would otherwise be compiled at each start.
const {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} = require("node:fs");
const { dirname, join } = require("node:path");

/** Decide over what is bundled as much as the sources do: versions of packages, how TypeScript is read, how it is bundled. */
const SETTINGS = [
  "package-lock.json",
  "tsconfig.json",
  join("runtime", "bundle.cjs"),
  join("cli", "launcher", "sopsloop.cjs"),
];
const INPUTS = "inputs.json";

/**
 * @typedef {object} Bundle
 * @property {string} root project folder: inputs are kept relative to it
 * @property {string} entry source file, relative to the root
 * @property {string} folder where the bundle is to be; deleted and made anew as a whole
 * @property {import("esbuild").BuildOptions} options how this bundle differs from others
 */

/**
 * Whether the bundle was made from the sources as they are now.
 *
 * @param {Bundle} bundle
 */
function isFresh({ root, folder }) {
  try {
    const inputs = JSON.parse(readFileSync(join(folder, INPUTS), "utf8"));
    return inputs.every(({ file, size, changed }) => {
      const now = statSync(join(root, file));
      return now.size === size && now.mtimeMs === changed;
    });
  } catch {
    return false;
  }
}

function inputsOf({ root }, metafile) {
  // Packages are known by the lock file.
  const own = Object.keys(metafile.inputs).filter((file) => !file.includes("node_modules/"));
  return [...own, ...SETTINGS]
    .filter((file) => existsSync(join(root, file)))
    .map((file) => {
      const { size, mtimeMs } = statSync(join(root, file));
      return { file, size, changed: mtimeMs };
    });
}

/** What every bundle has in common. */
function optionsOf({ root, entry, options }) {
  return {
    absWorkingDir: root,
    entryPoints: [entry],
    bundle: true,
    platform: "node",
    target: "node20",
    metafile: true,
    logLevel: "silent",
    ...options,
  };
}

/**
 * Makes the bundle beside its place, then moves it there: several may start at the same time.
 *
 * @param {Bundle} bundle
 */
function replaceBy(bundle, write) {
  mkdirSync(dirname(bundle.folder), { recursive: true });
  const made = mkdtempSync(`${bundle.folder}-`);
  const old = `${made}.old`;
  try {
    const inputs = write(made);
    writeFileSync(join(made, INPUTS), JSON.stringify(inputs));
    if (existsSync(bundle.folder)) renameSync(bundle.folder, old);
    renameSync(made, bundle.folder);
  } catch (error) {
    // Another start has put its own there meanwhile, which is as good.
    if (!["ENOENT", "ENOTEMPTY", "EEXIST"].includes(error.code) || !isFresh(bundle)) throw error;
  } finally {
    rmSync(made, { recursive: true, force: true });
    rmSync(old, { recursive: true, force: true });
  }
}

/**
 * Makes the bundle unless it is there and fresh. Throws a SyntaxError where a source cannot be compiled: file, line and what is wrong.
 *
 * @param {Bundle} bundle
 */
exports.ensureBundle = function ensureBundle(bundle) {
  if (isFresh(bundle)) return;
  const { buildSync } = require("esbuild");
  replaceBy(bundle, (folder) => {
    try {
      const { metafile } = buildSync({ ...optionsOf(bundle), outdir: folder });
      return inputsOf(bundle, metafile);
    } catch (error) {
      if (!error.errors) throw error;
      // The engine shows a SyntaxError without the stack of whoever found it.
      throw new SyntaxError(error.message);
    }
  });
};
