import { join } from "node:path";
import type { Launch } from "../processes/daemon";
import { plainEnvironment } from "./environment";

const CHECKOUT = join(__dirname, "..", "..");

/** Starts a TypeScript file of the sandbox in the background. */
export function nodeLaunch(file: string, args: readonly string[]): Launch {
  return {
    file: process.execPath,
    args: ["--import", "tsx", file, ...args],
    env: plainEnvironment(),
    // tsx is looked up from here.
    cwd: CHECKOUT,
  };
}
