import { readFileSync } from "node:fs";
import { messageOf } from "../../processes/sandbox-error";
import { type StartOptions, startAzure } from "./start";

/** Started by the sandbox: `main <file with its options as JSON>`. */
async function main([file = ""]: readonly string[]): Promise<void> {
  const options = JSON.parse(readFileSync(file, "utf8")) as StartOptions;
  const { azure } = await startAzure(options);
  process.once("SIGTERM", () => void azure.stop().then(() => process.exit(0)));
}

main(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`${messageOf(error)}\n`);
  process.exitCode = 1;
});
