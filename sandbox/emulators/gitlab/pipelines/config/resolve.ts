import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { checkOut, compareWith, fileAt, git } from "../job/checkout";
import { PipelineRefused } from "../pipeline-refused";
import { checkCiFile } from "./ci-file";
import type { ExpandedConfig } from "./expanded-config";
import type { InputValues } from "./input-spec";
import { type Listing, listJobs } from "./list-jobs";

/** What a CI file is resolved from. */
export interface ResolveRequest {
  /** New; everything that planning writes goes there, and the caller removes it. */
  readonly scratch: string;
  /** The bare repository on disk, its address and the CA of that. */
  readonly repository: string;
  readonly url: string;
  readonly ca: string;
  readonly sha: string;
  /** The CI file's path in the repository. */
  readonly ciFile: string;
  /** Takes the place of the CI file's text in the commit: what the lint endpoint is sent. */
  readonly content?: string;
  /** Projects that the file may include from. */
  readonly projects: readonly { readonly url: string; readonly repository: string }[];
  readonly inputs: Readonly<Record<string, unknown>>;
  /** What rules see. */
  readonly variables: Readonly<Record<string, string>>;
  /** The commit that `rules: changes` compares with. */
  readonly comparedSha?: string;
}

/** A CI file with everything included, and its rules evaluated. */
export interface Resolved extends Listing {
  /** Whether `workflow: rules` allow a pipeline. */
  readonly allowed: boolean;
  /** Resolves another text in the same tree and with the same variables. */
  readonly list: (text: string) => Promise<Listing>;
}

/** The job that stands for `workflow: rules`, which gitlab-ci-local itself does not enforce. */
const WORKFLOW = "sandbox:workflow";

/** Resolves a CI file. Throws PipelineRefused for what is wrong with it, in GitLab's words as far as they are known. */
export async function resolveCiFile(request: ResolveRequest): Promise<Resolved> {
  const { scratch, repository, sha, ciFile, content } = request;
  let mentionsWorkflow = false;
  const inputs = await checkCiFile(ciFile, request.inputs, async (path) => {
    const text = path === ciFile && content !== undefined ? content : await fileAt(repository, sha, path);
    mentionsWorkflow ||= text !== undefined && /^workflow:/m.test(text);
    return text;
  });
  const tree = await layOut(request);
  const list = (text: string, validate = false): Promise<Listing> => {
    const { projects, variables } = request;
    const compare = request.comparedSha !== undefined;
    return listJobs({ tree, scratch, text, projects, variables, compare, validate });
  };
  const listing = await listWithWorkflow(mentionsWorkflow, (withWorkflow) =>
    list(startingFile(ciFile, inputs, withWorkflow), true),
  );
  const { [WORKFLOW]: _probe, include: _include, ...config } = listing.config;
  return {
    jobs: listing.jobs.filter(({ name }) => name !== WORKFLOW),
    config: config as ExpandedConfig,
    allowed: listing.jobs.find(({ name }) => name === WORKFLOW)?.when !== "never",
    list,
  };
}

/** The guess saves a run; gitlab-ci-local refuses the question when there are no rules, and shows them when there are. */
async function listWithWorkflow(
  guess: boolean,
  list: (withWorkflow: boolean) => Promise<Listing>,
): Promise<Listing> {
  try {
    const listing = await list(guess);
    return guess || !hasWorkflowRules(listing.config) ? listing : await list(true);
  } catch (error) {
    const noRules =
      error instanceof PipelineRefused && error.message.includes("[workflow, rules] is undefined");
    if (!guess || !noRules) throw error;
    return list(false);
  }
}

async function layOut(request: ResolveRequest): Promise<string> {
  const { scratch, repository, sha, url, ca, comparedSha, ciFile, content } = request;
  const tree = join(scratch, "tree");
  try {
    await checkOut({ folder: tree, repository, sha, url, ca, depth: 1 });
  } catch {
    throw new PipelineRefused("Reference not found", "request");
  }
  if (comparedSha !== undefined) await compareWith(tree, repository, comparedSha);
  if (content !== undefined) {
    mkdirSync(dirname(join(tree, ciFile)), { recursive: true });
    writeFileSync(join(tree, ciFile), content);
    await git(tree, ["add", "-f", ciFile]);
  }
  return tree;
}

/** A CI file that includes the project's with its inputs: given on the command line they would reach every other include too. */
function startingFile(ciFile: string, inputs: InputValues, withWorkflow: boolean): string {
  const include = JSON.stringify([{ local: ciFile, inputs }]);
  const workflow = `${JSON.stringify(WORKFLOW)}: {stage: .pre, script: ["true"], rules: !reference [workflow, rules]}\n`;
  return `include: ${include}\n${withWorkflow ? workflow : ""}`;
}

function hasWorkflowRules(config: ExpandedConfig): boolean {
  const { workflow } = config as { readonly workflow?: { readonly rules?: unknown } | null };
  return workflow?.rules !== undefined;
}
