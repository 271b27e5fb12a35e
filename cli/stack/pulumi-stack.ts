import { spawn } from "node:child_process";
import { CliError } from "../errors/cli-error";
import type { Io } from "../io";

/**
 * What `pulumi stack output` or `pulumi stack export` prints, secrets hidden, run where the command was called.
 *
 * @param stack the selected one when undefined.
 * @param instead the options that name a file in the place of a stack, for whoever has no pulumi.
 * @throws CliError (2) where pulumi cannot be started, or refuses.
 */
export function pulumiStack(
  words: readonly string[],
  stack: string | undefined,
  instead: string,
  io: Pick<Io, "cwd" | "env">,
): Promise<string> {
  const chosen = stack === undefined ? [] : [`--stack=${stack}`];
  return new Promise((resolve, reject) => {
    const child = spawn("pulumi", ["stack", ...words, "--non-interactive", ...chosen], {
      cwd: io.cwd,
      env: { ...io.env },
    });
    let [stdout, stderr] = ["", ""];
    child.stdout.setEncoding("utf8").on("data", (part: string) => {
      stdout += part;
    });
    child.stderr.setEncoding("utf8").on("data", (part: string) => {
      stderr += part;
    });
    child.on("error", () =>
      reject(new CliError(`pulumi cannot be started; install it, or give ${instead} FILE`, 2)),
    );
    child.on("close", (code) => {
      if (code === 0) resolve(stdout);
      const why =
        stderr
          .trim()
          .split("\n")[0]
          ?.replace(/^error: /, "") ?? "";
      reject(
        new CliError(
          `pulumi stack ${words[0]}: ${why}; run this in the program's folder, with --stack NAME or ${instead} FILE`,
          2,
        ),
      );
    });
  });
}
