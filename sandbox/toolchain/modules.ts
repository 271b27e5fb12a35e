import { join } from "node:path";
import { run } from "../processes/run";
import { SandboxError } from "../processes/sandbox-error";
import { MODULES } from "./cache";
import { goEnvironment } from "./tool-builder";

/**
 * The folder with the sources of a Go module that `sandbox/toolchain/<folder>/go.mod` pins; downloads it where it is
 * not on this machine. The folder belongs to Go's own cache: read it, never write to it.
 */
export async function moduleFolder(folder: string, module: string): Promise<string> {
  const options = { cwd: join(MODULES, folder), env: goEnvironment() };
  const { Dir } = JSON.parse(await run("go", ["mod", "download", "-json", module], options)) as {
    Dir?: string;
  };
  if (Dir === undefined)
    throw new SandboxError(`${module}: go mod download named no folder; is it in ${folder}/go.mod?`);
  return Dir;
}
