import { createHash } from "node:crypto";
import { buildSync } from "esbuild";
import { strToU8, type Zippable, zipSync } from "fflate";

/** Where the relay can run. */
export type Platform = "azure-functions" | "node";

/** A file's bytes and their hash: the same sources, packages and tools give the same. */
export interface Built {
  readonly bytes: Uint8Array;
  /** Hexadecimal. */
  readonly sha256: string;
}

const ENTRIES: Readonly<Record<Platform, string>> = {
  "azure-functions": "relay/platforms/azure-functions-main.ts",
  node: "relay/platforms/node-main.ts",
};
/** Given by the host of Azure Functions, and to be had nowhere else. */
const HOST_MODULE = "@azure/functions-core";
/** The first moment that a zip archive can name: when it was made must not change it. */
const EPOCH = new Date(1980, 0, 1);
const MAIN = "relay.cjs";

/** The relay with all its packages as one CommonJS file. @param root the folder of the project, absolute. */
export function bundle(platform: Platform, root: string): Built {
  const { outputFiles } = buildSync({
    absWorkingDir: root,
    entryPoints: [ENTRIES[platform]],
    outfile: MAIN,
    bundle: true,
    write: false,
    platform: "node",
    target: "node20",
    format: "cjs",
    // Names too: unshortened, those of packages' files would say where they lie on this machine.
    minify: true,
    // Packages offer modern modules too, of which what nobody uses can be left out.
    mainFields: ["module", "main"],
    external: [HOST_MODULE],
    legalComments: "eof",
    logLevel: "silent",
  });
  const [file] = outputFiles;
  if (!file) throw new Error("esbuild has made no file");
  return built(file.contents);
}

/** What is uploaded as a function app, Flex Consumption or any other plan: a zip archive. @param root as above. */
export function functionPackage(root: string): Built {
  const files: Readonly<Record<string, Uint8Array>> = {
    "host.json": json(HOST),
    "package.json": json({ name: "sopsloop-relay", private: true, main: MAIN }),
    [MAIN]: bundle("azure-functions", root).bytes,
  };
  const entries: Zippable = Object.fromEntries(
    Object.entries(files).map(([name, bytes]) => [
      name,
      [bytes, { mtime: EPOCH, os: 3, attrs: 0o100644 << 16 }],
    ]),
  );
  return built(zipSync(entries, { level: 9 }));
}

/** Without a prefix, so that the relay's paths are the same on every platform. */
const HOST = {
  version: "2.0",
  functionTimeout: "00:05:00",
  extensions: { http: { routePrefix: "" } },
  logging: { logLevel: { default: "Information" } },
};

function json(value: object): Uint8Array {
  return strToU8(`${JSON.stringify(value, undefined, 2)}\n`);
}

function built(bytes: Uint8Array): Built {
  return { bytes, sha256: createHash("sha256").update(bytes).digest("hex") };
}
