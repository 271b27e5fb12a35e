import { Command, CommanderError } from "commander";
import { version } from "../package.json";
import type { AuditOptions } from "./commands/audit";
import type { ChartOptions } from "./commands/chart";
import type { PreviewCommentOptions } from "./commands/preview-comment";
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
    .option("--branch <name>", "push to this branch of origin: for a CI job, which has none checked out")
    .option("--data-keys", "make new data keys too, by `sops rotate`: changes every value")
    .option("--only <kind>", "move data keys of one kind of key only: hc_vault or azure_kv")
    .option("--json", "print the outcome as JSON (docs/rewrap.md)")
    .action(
      async (
        paths: string[],
        options: {
          dryRun?: true;
          commit?: true;
          push?: true;
          branch?: string;
          dataKeys?: true;
          only?: string;
          json?: true;
        },
      ) => {
        const { rewrap } = await import("./commands/rewrap");
        ended(await rewrap({ paths, ...options }, io));
      },
    );

  sopsloop
    .command("retire")
    .description("tell how to retire old key versions, once nothing needs them any more")
    .requiredOption("--ref <refs...>", "branches and tags that must hold no stale file")
    .option("--disable", "disable the old versions of Azure's keys, instead of telling how to")
    .option("--json", "print the outcome as JSON")
    .action(async (options: { ref: string[]; disable?: true; json?: true }) => {
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
  sopsloop
    .command("chart")
    .description("render a Helm chart and its Secrets, encrypted, into the deploy repository")
    .argument("<chart>", "folder, archive or reference of the chart, as helm takes it")
    .requiredOption("--mapping <file>", "which variable becomes which key of which Secret (docs/chart.md)")
    .requiredOption("--into <folder>", "folder of the deploy repository, which the command then owns")
    .option("--release <name>", "name of the release; the folder's name when absent")
    .option("--namespace <name>", "namespace of the release, and of Secrets that name none")
    .option("--values <files...>", "values of the chart: YAML files, and at most one .dhall file")
    .option("--env-file <file>", "take variables from a local file too")
    .option("--repository <url>", "work in a fresh clone of this repository, and push")
    .option("--branch <name>", "branch of the clone (default: main)")
    .option("--dry-run", "print what would change, and change nothing")
    .option("--commit", "commit what has changed, in one commit")
    .option("--push", "commit and push; starts afresh on a tip that has moved meanwhile")
    .option("--json", "print the outcome as JSON (docs/chart.md)")
    .action(async (name: string, options: Omit<ChartOptions, "chart">) => {
      const { chart } = await import("./commands/chart");
      ended(await chart({ chart: name, ...options }, io));
    });
  sopsloop
    .command("preview-comment")
    .description("turn `pulumi preview --json` into the comment of a merge request")
    .argument("[file]", "what pulumi preview printed; standard input when absent or -")
    .option("--post", "create or update the comment on the merge request of this GitLab job")
    .option("--stack <project/stack>", "whose comment it is, should the preview fail before it says so")
    .option("--exit-code <number>", "what pulumi preview ended with; a digest does not say that it failed")
    .option("--deploy <folder>", "checkout of the deploy repository, to count the files that need a key")
    .option("--old-audit <file>", "compare with this audit report instead of the one in the state")
    .option("--json", "print the report as JSON (docs/preview-comment.md)")
    .action(async (file: string | undefined, options: Omit<PreviewCommentOptions, "file">) => {
      const { previewComment } = await import("./commands/preview-comment");
      ended(await previewComment({ file, ...options }, io));
    });
  sopsloop
    .command("audit")
    .description("report who can decrypt what, by which way, and what is wrong with it")
    .option("--stack <name>", "stack to report on; the selected one when absent")
    .option("--export <file>", "read the stack from a file, as `pulumi stack export` prints it")
    .option("--outputs <file>", "read its outputs only, as `pulumi stack output --json` prints them")
    .option("--policies", "judge its resources by the policy pack too")
    .option("--policy-config <file>", "levels and limits of the pack's rules (docs/policies.md)")
    .option("--preview <file>", "judge what the stack would be, as `pulumi preview --json` prints it")
    .option("--beside <files...>", "judge it together with exports of other stacks: no key in two of them")
    .option("--files <folder>", "checkout of the deploy repository: which files are stale")
    .option("--live", "look at the live systems too, by your own credentials (docs/audit.md)")
    .option(
      "--vault-log <files...>",
      "files of Vault's audit log: who did what with the key, and who was refused",
    )
    .option("--since <file>", "tell what is different from an earlier JSON report")
    .option("--format <format>", "markdown (default), json (docs/audit-schema.md) or html")
    .option("--output <file>", "write to a file; its ending .md, .json or .html says the format too")
    .option(
      "--fail-on <severity>",
      "exit 1 from this severity on: critical, high (default), medium, low, never",
    )
    .action(async (options: AuditOptions) => {
      const { audit } = await import("./commands/audit");
      const { auditReaders } = await import("./audit/audit-readers");
      ended(await audit(options, io, auditReaders(options, io)));
    });
  const relay = sopsloop
    .command("relay")
    .description("run the relay: key rotated in Azure → pipeline in GitLab (docs/relay.md)")
    .option("--listen <host:port>", "address to listen on", "127.0.0.1:8080")
    .action(async (options: { listen: string }) => {
      const { relay: serve } = await import("./commands/relay");
      ended(await serve(options, io));
    });
  relay
    .command("replay")
    .description("deliver events that Event Grid has given up; those dealt with before start nothing")
    .argument("<paths...>", "dead letters as they lie in the container: files, and folders of them")
    .option("--to <url>", "webhook of a relay; without it this process does the relay's work itself")
    .option("--json", "print the outcome as JSON (docs/relay.md)")
    .action(async (paths: string[], options: { to?: string; json?: true }) => {
      const { relayReplay } = await import("./commands/relay-replay");
      ended(await relayReplay({ paths, ...options }, io));
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
