import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import { tryRun } from "../../../../processes/run";
import { PLAIN_GIT, plainEnvironment } from "../../../../servers/environment";
import { type LocalRun, localArguments, variablesFile, withoutMadeUp } from "../gitlab-ci-local";
import { PipelineRefused } from "../pipeline-refused";
import { EXPANDED_CONFIG, type ExpandedConfig, LISTED_JOB, type ListedJob } from "./expanded-config";

export interface Listing {
  readonly jobs: readonly ListedJob[];
  readonly config: ExpandedConfig;
}

export interface ListRequest {
  /** The commit's work tree. */
  readonly tree: string;
  /** A folder beside the tree for what is written here. */
  readonly scratch: string;
  /** The text of the CI file to start from. */
  readonly text: string;
  /** Projects that the file may include from: read from their folders instead of over the network. */
  readonly projects: readonly { readonly url: string; readonly repository: string }[];
  /** What rules see. */
  readonly variables: Readonly<Record<string, string>>;
  /** Whether `rules: changes` compares with `refs/remotes/origin/HEAD`; otherwise it always holds, as in GitLab without a push. */
  readonly compare: boolean;
  /** Whether to check against GitLab's schema, which takes most of the time. */
  readonly validate: boolean;
}

/** Lets gitlab-ci-local resolve a CI file and evaluate its rules. Throws PipelineRefused with what it says against the file. */
export async function listJobs(request: ListRequest): Promise<Listing> {
  const { tree, scratch } = request;
  const run: LocalRun = {
    tree,
    file: join(scratch, "list.yml"),
    variables: join(scratch, "list-variables.json"),
    state: join(scratch, "list-state"),
    home: join(scratch, "list-home"),
  };
  mkdirSync(run.home, { recursive: true, mode: 0o700 });
  writeFileSync(run.file, request.text, { mode: 0o600 });
  writeFileSync(run.variables, variablesFile(request.variables), { mode: 0o600 });
  const flags = [
    ...(request.compare ? [] : ["--no-evaluate-rule-changes"]),
    ...withoutMadeUp(request.variables),
    ...(request.validate ? [] : ["--no-json-schema-validation"]),
  ];
  const { code, stdout, stderr } = await tryRun(
    process.execPath,
    localArguments(run, "--list-json", ...flags),
    {
      cwd: tree,
      env: { ...plainEnvironment(), ...PLAIN_GIT, ...fromFolders(request.projects), HOME: run.home },
    },
  );
  if (code !== 0) throw new PipelineRefused(complaintIn(stderr), "config");
  const merged = readFileSync(join(run.state, "expanded-gitlab-ci.yml"), "utf8");
  const config = EXPANDED_CONFIG.safeParse(parse(merged, { maxAliasCount: -1 }));
  if (!config.success) throw new PipelineRefused(z.prettifyError(config.error), "config");
  // Warnings about predefined variables may stand before the list.
  const list = JSON.parse(stdout.slice(stdout.search(/^\[/m))) as unknown;
  return { jobs: z.array(LISTED_JOB).parse(list), config: config.data };
}

/** Lines that gitlab-ci-local prints on every run, about git data that the emulator gives it as variables. */
const CHATTER =
  /^(?:Using fallback|Unable to retrieve|fatal: ref|error: No such remote|\s+Command failed|parsing and|json schema)/;

function complaintIn(stderr: string): string {
  const lines = stderr.split("\n").filter((line) => line.trim() !== "" && !CHATTER.test(line));
  const broken = lines.flatMap((line) => /^\s*• (.+?)(?: \[[^\]]*\])?$/.exec(line)?.[1] ?? []);
  // The list of what breaks the schema is followed by hints for people at a terminal.
  const further = broken.findIndex((line) => line.startsWith("Copy the content"));
  if (further > 0) return broken.slice(0, further).join(", ");
  const text = lines.join(" ").replace(/^This GitLab CI configuration is invalid: /i, "");
  return text === "" ? "the CI file cannot be read" : text.slice(0, 500);
}

/** Git's settings for this one run. */
function fromFolders(projects: ListRequest["projects"]): Record<string, string> {
  const settings = projects.map(({ url, repository }) => [`url.file://${repository}.insteadOf`, url]);
  const numbered = settings.flatMap(([key = "", value = ""], index) => [
    [`GIT_CONFIG_KEY_${index}`, key],
    [`GIT_CONFIG_VALUE_${index}`, value],
  ]);
  return { GIT_CONFIG_COUNT: String(settings.length), ...Object.fromEntries(numbered) };
}
