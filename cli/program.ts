import { Command, CommanderError } from "commander";
import { version } from "../package.json";
import { CliError, type ExitCode } from "./errors/cli-error";
import type { Io } from "./io";

/** Every subcommand. Their modules are loaded only when called: a shell waits for the start of each. */
function program(io: Io, ended: (code: ExitCode) => void): Command {
  const sopsloop = new Command("sopsloop")
    .description("Keeps a repository of sops files on the current version of its keys.")
    .version(version)
    .showSuggestionAfterError()
    .exitOverride()
    .configureOutput({
      writeOut: (text) => io.stdout.write(text),
      writeErr: (text) => io.stderr.write(text.replace(/^error: /, "sopsloop: ")),
    })
    .addHelpText("after", "\nExit codes: 0 all is well, 1 something was found or failed, 2 wrong usage.");

  sopsloop
    .command("status")
    .description("tell which files are stale, without decrypting anything")
    .argument("[paths...]", "files and folders; the whole work tree when absent")
    .option("--json", "print the report as JSON (docs/status-schema.md)")
    .option("--code-quality <file>", "also write the findings as a GitLab code quality report")
    .action(async (paths: string[], options: { json?: true; codeQuality?: string }) => {
      const { status } = await import("./commands/status");
      ended(await status({ paths, ...options }, io));
    });

  sopsloop
    .command("rewrap")
    .description("move the data keys to the current version of their keys, and nothing else")
    .argument("[paths...]", "files and folders; the whole work tree when absent")
    .option("--dry-run", "print what would change, and change nothing")
    .option("--commit", "commit what has changed, in one commit")
    .option("--push", "commit and push; starts afresh on a tip that has moved meanwhile")
    .option("--data-keys", "make new data keys too, by `sops rotate`: changes every value")
    .option("--json", "print the outcome as JSON (docs/rewrap.md)")
    .action(
      async (
        paths: string[],
        options: { dryRun?: true; commit?: true; push?: true; dataKeys?: true; json?: true },
      ) => {
        const { rewrap } = await import("./commands/rewrap");
        ended(await rewrap({ paths, ...options }, io));
      },
    );

  sopsloop
    .command("retire")
    .description("tell how to retire old key versions, once nothing needs them any more")
    .requiredOption("--ref <refs...>", "branches and tags that must hold no stale file")
    .option("--json", "print the outcome as JSON")
    .action(async (options: { ref: string[]; json?: true }) => {
      const { retire } = await import("./commands/retire");
      ended(await retire(options, io));
    });
  sopsloop
    .command("verify")
    .description("probe the live systems: does every link of the loop hold?")
    .option("--stack <name>", "stack whose outputs say what should be; the selected one when absent")
    .option(
      "--outputs <file>",
      "read the stack's outputs from a file, as `pulumi stack output --json` prints them",
    )
    .option("--end-to-end", "also send a test secret through the whole loop, and clean up after it")
    .option("--json", "print the rows as JSON (docs/verify.md)")
    .action(async (options: { stack?: string; outputs?: string; endToEnd?: true; json?: true }) => {
      const { verify } = await import("./commands/verify");
      ended(await verify(options, io));
    });
  return sopsloop;
}

/** Runs one command line; every error becomes one line and an exit code. */
export async function main(words: readonly string[], io: Io): Promise<ExitCode> {
  let code: ExitCode = 0;
  try {
    await program(io, (ended) => {
      code = ended;
    }).parseAsync(words, { from: "user" });
    return code;
  } catch (error) {
    // Help and version are errors to commander, with exit code 0; wrong usage is told by commander itself.
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    if (!(error instanceof CliError)) throw error;
    io.stderr.write(`sopsloop: ${error.message}\n`);
    return error.exitCode;
  }
}
