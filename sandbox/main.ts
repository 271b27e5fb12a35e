import { join } from "node:path";
import { messageOf, SandboxError } from "./processes/sandbox-error";

const CHECKOUT = join(__dirname, "..");

/** A command that answers false has found something wrong. Each loads only what it needs: a shell waits for `env`. */
const COMMANDS: Readonly<Record<string, () => Promise<unknown>>> = {
  up: async () => (await import("./commands/up")).up(CHECKOUT),
  down: async () => (await import("./commands/down")).down(CHECKOUT),
  rotate: async () => (await import("./commands/rotate")).rotate(CHECKOUT),
  status: async () => (await import("./commands/status")).status(CHECKOUT),
  env: async () => (await import("./commands/env")).env(CHECKOUT),
  tools: async () => (await import("./commands/tools")).tools(CHECKOUT),
  clean: async () => (await import("./commands/clean")).clean(CHECKOUT),
};

/** Exit code: 0 done, 1 failed or not well, 2 wrong usage. */
async function main(name: string | undefined): Promise<number> {
  const command = COMMANDS[name ?? ""];
  if (!command) {
    console.error(`sandbox: unknown command ${name ?? ""}; use one of ${Object.keys(COMMANDS).join(", ")}`);
    return 2;
  }
  try {
    return (await command()) === false ? 1 : 0;
  } catch (error) {
    console.error(
      `${name}: ${error instanceof SandboxError || !(error instanceof Error) ? messageOf(error) : error.stack}`,
    );
    return 1;
  }
}

void main(process.argv[2]).then((code) => {
  process.exitCode = code;
});
