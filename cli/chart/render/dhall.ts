import { readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { CliError } from "../../errors/cli-error";
import { oneLine, runTool } from "./tool";

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The YAML that a Dhall file comes to. `dhall yaml` takes an expression from standard input, so that imports of the file are looked up
 * from its own folder. @throws CliError with Dhall's own reason.
 */
export async function dhallYaml(
  file: string,
  cwd: string,
  env: Environment,
  signal: AbortSignal,
): Promise<string> {
  const path = resolve(cwd, file);
  let expression: string;
  try {
    expression = readFileSync(path, "utf8");
  } catch (error) {
    throw new CliError(`${file}: cannot be read (${(error as NodeJS.ErrnoException).code})`, 2);
  }
  const call = { words: ["yaml"], cwd: dirname(path), env, input: expression, signal };
  const { code, stdout, stderr } = await runTool("dhall", call);
  if (code === 0) return stdout;
  throw new CliError(`${file}: dhall yaml failed: ${reasonOf(stderr)}`);
}

/** Without the time of day, and without the list of all that could have stood there instead. */
function reasonOf(stderr: string): string {
  const text = oneLine(stderr.replace(/^\d{4}\/\d\d\/\d\d \d\d:\d\d:\d\d /gm, ""), 4000);
  return text.replace(/, expected: .*$/, "").slice(0, 400);
}
