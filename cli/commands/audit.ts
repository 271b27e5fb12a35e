import { renameSync, rmSync, writeFileSync } from "node:fs";
import { extname, resolve } from "node:path";
import { textAt } from "../audit/facts/facts";
import { factsOf } from "../audit/facts/facts-of";
import { readFiles } from "../audit/files/files-reading";
import type { Severity } from "../audit/finding";
import { type PolicyOptions, policyFindings } from "../audit/findings/policy-findings";
import { htmlOf } from "../audit/html/page";
import type { LiveReading } from "../audit/live/live-reading";
import { markdownOf } from "../audit/markdown/report-markdown";
import { reportOf } from "../audit/report";
import type { AuditReport } from "../audit/report-schema";
import { isAtLeast, SEVERITIES } from "../audit/severities";
import { readOldReport } from "../audit/since/old-report";
import { auditOutputOf } from "../audit/source/audit-output";
import { readStack } from "../audit/source/stack-reading";
import type { StateResource } from "../audit/source/state-resource";
import type { VaultLogReading } from "../audit/vault-log/vault-log-reading";
import { CliError, type ExitCode } from "../errors/cli-error";
import type { Io } from "../io";
import { secretsOf } from "../preview-comment/secrets/environment-secrets";
import { Scrubber } from "../preview-comment/secrets/scrubber";

/** As the command line has them. */
export interface AuditOptions {
  readonly stack?: string;
  readonly outputs?: string;
  readonly export?: string;
  readonly policies?: true;
  readonly policyConfig?: string;
  /** File with a preview of the stack, which is judged instead of what is. */
  readonly preview?: string;
  /** Files with exports of other stacks, judged together with this one. */
  readonly beside?: readonly string[];
  readonly files?: string;
  /** Look at the live systems too, as the caller. */
  readonly live?: true;
  /** Files of Vault's audit log. */
  readonly vaultLog?: readonly string[];
  readonly since?: string;
  readonly format?: string;
  readonly output?: string;
  readonly failOn?: string;
}

/** What is looked at beside the stack and its files, each with the stack's outputs, once the call is known to be right. */
export interface AuditReaders {
  /** The live systems, with the state's resources too; the key servers are then asked for their versions. */
  readonly live?: (outputs: unknown, resources: readonly StateResource[]) => Promise<LiveReading>;
  readonly vaultLog?: (outputs: unknown) => Promise<VaultLogReading>;
}

const FORMATS = {
  json: (report: AuditReport) => `${JSON.stringify(report, undefined, 2)}\n`,
  markdown: markdownOf,
  html: htmlOf,
} as const;
type Format = keyof typeof FORMATS;
const BY_ENDING: ReadonlyMap<string, Format> = new Map([
  [".json", "json"],
  [".md", "markdown"],
  [".html", "html"],
]);

/**
 * `sopsloop audit`: who can decrypt what, by which way, and what is wrong with it. Changes nothing.
 *
 * @returns 1 where something at least as bad as `failOn` was found.
 * @throws CliError for wrong usage, and where a source cannot be read.
 */
export async function audit(
  options: AuditOptions,
  io: Io,
  readers: AuditReaders = {},
  made = new Date(),
): Promise<ExitCode> {
  // First of all what is wrong with the call, whatever the sources hold.
  const [render, limit] = [FORMATS[formatOf(options)], limitOf(options.failOn)];
  if (options.outputs !== undefined && options.policies)
    throw new CliError(
      "--policies judges resources, and --outputs has none; give --export FILE or --stack NAME",
      2,
    );
  for (const [option, given] of [
    ["--policy-config", options.policyConfig],
    ["--preview", options.preview],
    ["--beside", options.beside],
  ])
    if (given !== undefined && !options.policies)
      throw new CliError(`${option} is for --policies; give both`, 2);

  const reading = await readStack(options, io);
  const where = options.outputs ?? options.export ?? `stack ${options.stack ?? "selected here"}`;
  const facts = factsOf(reading, auditOutputOf(reading.outputs, where));
  const declared = {
    keys: facts.keys.map(({ key }) => key),
    sopsConfig: textAt(reading.outputs, "sopsConfig"),
    folders: facts.deliveries.map(({ folder }) => folder),
  };
  const report = reportOf({
    made,
    stack: reading.stack,
    source: { kind: reading.kind, ...(reading.stateOf !== undefined && { stateOf: reading.stateOf }) },
    facts,
    policies: options.policies && policyFindings(reading.exported, policyOptionsOf(options), io),
    files:
      options.files === undefined
        ? undefined
        : await readFiles(options.files, declared, readers.live !== undefined, io),
    live: await readers.live?.(reading.outputs, reading.resources),
    vaultLog: await readers.vaultLog?.(reading.outputs),
    old: options.since === undefined ? undefined : readOldReport(options.since, reading.stack, io),
  });
  const clean = new Scrubber([...reading.secrets, ...secretsOf(io.env)]).all(report);
  const text = render(clean);
  if (options.output === undefined) io.stdout.write(text);
  else writeWhole(options.output, text, io);
  const isBad = limit !== undefined && clean.findings.some(({ severity }) => isAtLeast(severity, limit));
  return isBad ? 1 : 0;
}

function policyOptionsOf({ policyConfig: config, preview, beside }: AuditOptions): PolicyOptions {
  return { config, preview, beside };
}

function formatOf({ format, output }: AuditOptions): Format {
  const named = format ?? BY_ENDING.get(extname(output ?? "")) ?? "markdown";
  if (Object.hasOwn(FORMATS, named)) return named as Format;
  throw new CliError(`--format ${named}: is none; give ${Object.keys(FORMATS).join(", ")}`, 2);
}

/** Undefined: nothing that was found makes the command fail. */
function limitOf(given = "high"): Severity | undefined {
  const limit = SEVERITIES.find((severity) => severity === given);
  if (limit !== undefined || given === "never") return limit;
  throw new CliError(`--fail-on ${given}: is no severity; give ${SEVERITIES.join(", ")} or never`, 2);
}

/** The whole file or none of it. */
function writeWhole(file: string, text: string, { cwd }: Io): void {
  const path = resolve(cwd, file);
  const beside = `${path}.${process.pid}.new`;
  try {
    writeFileSync(beside, text);
    renameSync(beside, path);
  } catch (error) {
    rmSync(beside, { force: true });
    const why = (error as NodeJS.ErrnoException).code;
    throw new CliError(
      `--output ${file}: cannot be written (${why}); name a file in a folder that is there`,
      2,
    );
  }
}
