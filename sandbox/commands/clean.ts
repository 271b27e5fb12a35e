import { rmSync } from "node:fs";
import { SandboxError } from "../processes/sandbox-error";
import { Layout } from "../servers/layout";
import { BuildLock } from "../toolchain/build-lock";
import { lockFile, toolsCache } from "../toolchain/cache";
import { down } from "./down";

/** Ends the sandbox and forgets it with everything built for it. Go's own caches stay. */
export async function clean(checkout: string): Promise<void> {
  const builder = new BuildLock(lockFile(), () => undefined).runningHolder;
  if (builder !== undefined) {
    throw new SandboxError(
      `process ${builder} is building tools into ${toolsCache()}; wait until it is done, or end it, and try again`,
    );
  }
  await down(checkout);
  remove(Layout.dev(checkout).root, "the sandbox of this checkout");
  remove(
    toolsCache(),
    "the tools, which all checkouts share; the next `make up` of any of them builds them again",
  );
}

function remove(folder: string, what: string): void {
  console.log(`removing ${folder}: ${what}`);
  rmSync(folder, { recursive: true, force: true });
}
