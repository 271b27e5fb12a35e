import { Layout } from "../servers/layout";
import { toolsCache } from "../toolchain/cache";
import { Timings, timingTable } from "../toolchain/timings";
import { ensureTools } from "../tools-at-hand";

/** Builds the toolchain and shows where each tool is, and how long the builds took. */
export async function tools(checkout: string): Promise<void> {
  const paths = await ensureTools(Layout.dev(checkout));
  for (const [name, file] of paths) console.log(`${name.padEnd(30)} ${file}`);
  const timings = new Timings(toolsCache()).read();
  if (timings.length > 0) console.log(`\n${timingTable(timings)}`);
}
