import { rmSync } from "node:fs";
import { Layout } from "../servers/layout";
import { toolsCache } from "../toolchain/cache";
import { down } from "./down";

/** Ends the sandbox and forgets it with everything built for it. Go's own caches stay. */
export async function clean(checkout: string): Promise<void> {
  await down(checkout);
  for (const folder of [Layout.dev(checkout).root, toolsCache()]) {
    rmSync(folder, { recursive: true, force: true });
    console.log(`removed ${folder}`);
  }
}
