import { CliError, type ExitCode } from "../errors/cli-error";
import type { Io } from "../io";
import type { MergeRequest } from "../preview-comment/gitlab/merge-request";
import type { Posted } from "../preview-comment/gitlab/own-comment";
import { auditFile, fileText, type Input, textOf } from "../preview-comment/input";
import { commentOf } from "../preview-comment/markdown/comment";
import { markerOf } from "../preview-comment/markdown/marker";
import type { Preview } from "../preview-comment/preview/preview";
import { readPreview } from "../preview-comment/preview/read-preview";
import { type Report, reportOf } from "../preview-comment/report";
import { reportJson } from "../preview-comment/report-json";
import { secretsOf } from "../preview-comment/secrets/environment-secrets";
import { Scrubber } from "../preview-comment/secrets/scrubber";

/** As the command line has them. */
export interface PreviewCommentOptions {
  /** Absent or `-`: standard input. */
  readonly file?: string | undefined;
  readonly post?: true;
  readonly stack?: string;
  readonly exitCode?: string;
  readonly deploy?: string;
  readonly oldAudit?: string;
  readonly json?: true;
}

/** `sopsloop preview-comment`. @throws CliError for input that is none, and where GitLab does not take the comment. */
export async function previewComment(
  options: PreviewCommentOptions,
  io: Io,
  input: Input = process.stdin,
): Promise<ExitCode> {
  const { file = "-", post, json } = options;
  // First of all what is wrong with the call, whatever the preview holds.
  const request = post && (await mergeRequest(io));
  const exit = exitCodeOf(options.exitCode);
  const oldAudit = options.oldAudit === undefined ? undefined : auditFile(options.oldAudit, io);
  const files = options.deploy === undefined ? undefined : await filesIn(options.deploy, io);

  const text = file === "-" ? await textOf(input) : fileText(file, io);
  const preview = withCall(readPreview(text, file === "-" ? "standard input" : file), options.stack, exit);
  const scrubber = new Scrubber([...preview.hidden, ...secretsOf(io.env)]);
  const report: Report = scrubber.all(reportOf(preview, { files, oldAudit }));
  const marker = markerOf(report.stack);
  const comment = commentOf(report, marker);

  const posted = request && (await written(request, marker, comment, io));
  if (json) io.stdout.write(reportJson(report, posted));
  else if (posted === undefined) io.stdout.write(comment);
  else io.stdout.write(`comment ${posted.note} on merge request !${request?.iid ?? ""} ${posted.action}\n`);
  return report.failure === undefined ? 0 : 1;
}

/** What the call knows better than the output: which stack it is of, and how `pulumi preview` ended. */
function withCall(preview: Preview, named: string | undefined, exit: number): Preview {
  const stack = named === undefined ? undefined : stackOf(named);
  if (stack !== undefined && preview.stack !== undefined && preview.stack !== stack)
    throw new CliError(`--stack ${named}: the preview is of ${preview.stack}; name that one`, 2);
  const ended = exit === 0 ? undefined : `pulumi preview ended with exit code ${exit}.`;
  return { ...preview, stack: preview.stack ?? stack, failure: preview.failure ?? ended };
}

/** The engine's output has no organisation in it: what stands in the middle counts for nothing. */
function stackOf(named: string): string {
  const [project, ...others] = named.split("/");
  const stack = others.at(-1);
  if (project && stack && !/\s|\/\//.test(named)) return `${project}/${stack}`;
  throw new CliError(`--stack ${named}: begin with the project, as in project/stack`, 2);
}

function exitCodeOf(text = "0"): number {
  if (/^\d{1,3}$/.test(text)) return Number(text);
  throw new CliError(
    `--exit-code ${text}: is no exit code; give the number that pulumi preview ended with`,
    2,
  );
}

// Loaded only when called: most of what they need is for nothing else.

async function mergeRequest(io: Io): Promise<MergeRequest> {
  const { mergeRequestOf } = await import("../preview-comment/gitlab/merge-request");
  return mergeRequestOf(io);
}

async function filesIn(folder: string, io: Io) {
  const { deployFiles } = await import("../preview-comment/cost/deploy-files");
  return deployFiles(folder, io);
}

async function written(request: MergeRequest, marker: string, comment: string, io: Io): Promise<Posted> {
  const { OwnComment } = await import("../preview-comment/gitlab/own-comment");
  for (const line of request.warnings) io.stderr.write(`sopsloop: warning: ${line}\n`);
  const own = new OwnComment(request);
  try {
    return await own.write(marker, comment);
  } finally {
    own.close();
  }
}
