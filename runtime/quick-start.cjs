// Loaded before the program (Pulumi.yaml, `nodeargs`). Most of a preview's time would go into loading code: this leaves out what the program
// never runs, and loads its own sources as one bundle. Measured in docs/benchmarks.md; why, in docs/decisions/0005.
const Module = require("node:module");
const { basename, dirname, join } = require("node:path");
const { bundled } = require("./bundle.cjs");

const SDK = join("@pulumi", "pulumi");

/** Parts of the SDK that serve other programs: Automation API, functions turned into text. Their modules come when first used. */
const DEFERRED = new Set(["./automation", "../../typescript-shim", "@npmcli/arborist"]);

/** The SDK would have stack traces mapped by a package that reads every source map again; Node does so by itself. */
const REPLACED_BY_NODE = "source-map-support/register";

const load = Module._load;
Module._load = function loadOrDefer(request, parent, isMain) {
  if (!parent?.filename?.includes(SDK)) return load.call(this, request, parent, isMain);
  if (request === REPLACED_BY_NODE) return {};
  if (!DEFERRED.has(request)) return load.call(this, request, parent, isMain);
  let loaded;
  const demand = () => {
    loaded ??= load.call(Module, request, parent, isMain);
    return loaded;
  };
  return new Proxy(
    {},
    { get: (_, name) => (name === "__esModule" ? true : demand()[name]), has: (_, name) => name in demand() },
  );
};

/** The SDK takes a stack trace at each of its promises: they stay unmapped until one is to be shown. */
const UNMAPPED = "process.setSourceMapsEnabled(false);";

/** Packages of the SDK stay outside the bundle: the engine's runner and the program have to share them. */
const OPTIONS = {
  format: "cjs",
  external: ["@pulumi/*"],
  sourcemap: "inline",
  minifyWhitespace: true,
  minifySyntax: true,
  sourcesContent: false,
  banner: { js: UNMAPPED },
};

// Two TypeScript files are ever asked for: the one that package.json names, and a local SDK's (sdks/). The others come with them.
Module._extensions[".ts"] = function compileProgram(module, filename) {
  const root = dirname(filename);
  const folder = join(root, "dist", "program");
  const { file, bytes } = bundled({ root, entry: basename(filename), folder, options: OPTIONS });
  // Node keeps the map of what it compiles meanwhile; the bundle's first line ends that.
  process.setSourceMapsEnabled(true);
  module._compile(bytes.toString(), file);
};

for (const event of ["uncaughtExceptionMonitor", "unhandledRejection"]) {
  process.on(event, () => process.setSourceMapsEnabled(true));
}
