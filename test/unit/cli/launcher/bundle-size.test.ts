import { isAscii } from "node:buffer";
import { join } from "node:path";
import { buildSync } from "esbuild";
import { expect, test } from "vitest";

const CHECKOUT = join(__dirname, "..", "..", "..", "..");

/** As cli/launcher has it made. */
function bundle() {
  return buildSync({
    absWorkingDir: CHECKOUT,
    minifyWhitespace: true,
    lineLimit: 200,
    entryPoints: [join("cli", "main.ts")],
    bundle: true,
    platform: "node",
    format: "cjs",
    external: ["@azure/*", "@opentelemetry/*"],
    outdir: "out",
    write: false,
    metafile: true,
    logLevel: "silent",
  });
}

/** `import { z }` keeps all of zod, `import * as z` what is used: every start would read the rest, and take longer for it. */
test("the command's bundle holds none of the languages that zod speaks, but English", () => {
  const { metafile } = bundle();
  const inputs = Object.values(metafile.outputs).flatMap((output) => Object.entries(output.inputs));
  const locales = inputs.filter(
    ([path, { bytesInOutput }]) => path.includes("zod/v4/locales/") && bytesInOutput > 500,
  );
  expect(locales.map(([path]) => path)).toEqual(["node_modules/zod/v4/locales/en.js"]);
});

/** Templates with a tag stay as they are written: put letters beyond ASCII into them as escapes. */
test("it is ASCII alone, so that it is read without decoding, and takes half the room", () => {
  const [file] = bundle().outputFiles;
  expect(isAscii(file?.contents ?? Buffer.from("ä"))).toBe(true);
});
