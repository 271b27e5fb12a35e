import { ProviderServer } from "./provider-server";
import type { StandInProvider } from "./resource-type";

const PARENT_CHECK_MS = 1000;
const BUSY_CHECK_MS = 20;

/**
 * Runs a stand-in as a Pulumi plugin: prints the port on standard output, as the engine expects, and answers until the
 * engine ends it. The engine asks with an interrupt (and would wait 5 s before it kills); when the engine itself was
 * killed, the plugin leaves of its own accord. Either way a write in progress is finished first.
 */
export async function serve<Context>(provider: StandInProvider<Context>): Promise<void> {
  const server = new ProviderServer(provider);
  const leave = (): void => {
    if (server.busy) setTimeout(leave, BUSY_CHECK_MS);
    else process.exit(0);
  };
  process.on("SIGINT", leave);
  onParentGone(leave);
  process.stdout.write(`${await server.listen()}\n`);
}

function onParentGone(leave: () => void): void {
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    leave();
  }, PARENT_CHECK_MS);
  timer.unref();
}
