import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Layout, unusedPorts } from "../../sandbox/servers/layout";
import { Sandbox } from "../../sandbox/servers/sandbox";
import { ToolBuilder } from "../../sandbox/toolchain/tool-builder";
import { TOOLS } from "../../sandbox/toolchain/tools";

/** Starts every server on free ports with a root folder of its own. `close` ends them and removes the folder. */
export async function runningSandbox(): Promise<{ sandbox: Sandbox; close: () => Promise<void> }> {
  const tools = await new ToolBuilder().ensure(TOOLS);
  const root = mkdtempSync(join(tmpdir(), "sopsloop-servers-"));
  const sandbox = new Sandbox(new Layout(root, await unusedPorts()), tools);
  const close = async () => {
    await sandbox.stop();
    rmSync(root, { recursive: true, force: true });
  };
  try {
    await sandbox.start();
  } catch (error) {
    await close();
    throw error;
  }
  return { sandbox, close };
}
