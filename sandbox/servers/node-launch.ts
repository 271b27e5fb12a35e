import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Launch } from "../processes/daemon";
import { plainEnvironment } from "./environment";

const SANDBOX = join(__dirname, "..");

/** Starts a TypeScript file of the sandbox in the background. */
export function nodeLaunch(file: string, args: readonly string[]): Launch {
  return {
    file: process.execPath,
    args: ["--import", "tsx", file, ...args],
    // The sources are part of how it is started: a process that runs older ones is replaced.
    env: { ...plainEnvironment(), SOPSLOOP_SOURCES: sourcesHash() },
    // tsx is looked up from here.
    cwd: join(SANDBOX, ".."),
  };
}

function sourcesHash(): string {
  const hash = createHash("sha256");
  for (const folder of ["servers", "processes", "emulators"]) {
    const files = readdirSync(join(SANDBOX, folder), { recursive: true, encoding: "utf8" }).sort();
    for (const file of files.filter((path) => path.endsWith(".ts"))) {
      hash.update(readFileSync(join(SANDBOX, folder, file)));
    }
  }
  return hash.digest("hex").slice(0, 12);
}
