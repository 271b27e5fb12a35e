// Where the engine enters (package.json, `main`). Its runner compiles TypeScript by ts-node, with types and file by file: this hands it
// one bundle instead, and leaves out what of the SDK a pack never runs. Why, in docs/decisions/0005.
const { join } = require("node:path");
require("../runtime/quick-start.cjs");
const { bundled } = require("../runtime/bundle.cjs");

const root = join(__dirname, "..");
const folder = join(root, "dist", "policies");

const { file, bytes } = bundled({
  root,
  entry: join("policies", "index.ts"),
  folder,
  // Packages of Pulumi stay outside: the engine's runner and the pack have to share them.
  options: {
    format: "cjs",
    external: ["@pulumi/*"],
    sourcemap: "inline",
    sourcesContent: false,
    minifyWhitespace: true,
  },
});
// An error in a rule is to name the rule's own line.
process.setSourceMapsEnabled(true);
module._compile(bytes.toString(), file);
