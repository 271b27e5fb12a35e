import { PipelineRefused } from "../pipeline-refused";
import { EXPANDED_JOB, type ExpandedConfig, type ExpandedJob, type ListedJob } from "./expanded-config";
import { heldRules } from "./held-rules";
import { pipelineName } from "./pipeline-name";
import { type PlannedJob, plannedJob } from "./planned-job";
import { type ResolveRequest, resolveCiFile } from "./resolve";

export interface Plan {
  readonly name?: string;
  readonly stages: readonly string[];
  readonly jobs: readonly PlannedJob[];
}

const NO_JOBS =
  "Pipeline will not run for the selected trigger. The rules configuration prevented any jobs from being added to the pipeline.";

/** Decides which jobs a pipeline has. Throws PipelineRefused, in GitLab's words as far as they are known. */
export async function planPipeline(request: ResolveRequest): Promise<Plan> {
  const { jobs: listing, config, allowed, list } = await resolveCiFile(request);
  if (!allowed) throw new PipelineRefused("Pipeline filtered out by workflow rules.", "rules");
  const chosen = listing
    .filter(({ when }) => when !== "never")
    .map((listed) => ({ listed, ...definitionOf(listed, config) }));
  if (chosen.every(({ listed }) => [".pre", ".post"].includes(listed.stage)))
    throw new PipelineRefused(NO_JOBS, "rules");
  const held = await heldRules(chosen, config, list);
  const jobs = chosen.map(({ listed, job, baseName }) =>
    plannedJob(settled(listed, chosen), job, baseName, config, held.get(listed.name)),
  );
  const name = pipelineName(config, request.variables);
  return { ...(name !== undefined && { name }), stages: config.stages, jobs };
}

/** `parallel` makes several jobs of one definition: `test: [1/2]`, `test: [blue]`. */
function definitionOf(
  { name }: ListedJob,
  config: ExpandedConfig,
): { readonly job: ExpandedJob; readonly baseName: string } {
  const baseName = name in config ? name : name.replace(/: \[.*\]$/s, "");
  const job = EXPANDED_JOB.safeParse(config[baseName]);
  if (job.success) return { job: job.data, baseName };
  const [issue] = job.error.issues;
  throw new PipelineRefused(`jobs:${baseName}:${issue?.path.join(":")} ${issue?.message}`, "config");
}

/** A job without the optional needs that this pipeline does not have. Throws PipelineRefused when it has not one that must be. */
function settled(listed: ListedJob, chosen: readonly { readonly baseName: string }[]): ListedJob {
  const there = new Set(chosen.map(({ baseName }) => baseName));
  const missing = listed.needs?.find(({ job, optional }) => !optional && !there.has(job));
  if (missing)
    throw new PipelineRefused(
      `'${listed.name}' job needs '${missing.job}' job, but '${missing.job}' does not exist in the pipeline. This might be because of the only, except, or rules keywords. To need a job that sometimes does not exist in the pipeline, use needs:optional.`,
      "config",
    );
  return { ...listed, needs: listed.needs?.filter(({ job }) => there.has(job)) };
}
