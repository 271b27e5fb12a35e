import type { OrderedJob, When } from "../order/next-step";
import { PipelineRefused } from "../pipeline-refused";
import { secondsOf } from "./duration";
import type { ExpandedConfig, ExpandedJob, ListedJob } from "./expanded-config";

export interface ArtifactRules {
  readonly paths: readonly string[];
  readonly exclude: readonly string[];
  readonly when: "on_success" | "on_failure" | "always";
  /** By the report's name, `codequality` for example: the files to keep. */
  readonly reports: Readonly<Record<string, readonly string[]>>;
}

/** A job of a pipeline as the CI file wants it, its rules evaluated. */
export interface PlannedJob extends Omit<OrderedJob, "status" | "allowFailure"> {
  /** Forgives every failure, or those with one of these exit codes. */
  readonly allowFailure: boolean | readonly number[];
  /** Needed or earlier jobs whose artifacts it gets, as base names; undefined for those of all earlier jobs. */
  readonly artifactsFrom?: readonly string[];
  readonly artifacts: ArtifactRules;
  readonly environment?: { readonly name: string; readonly action: string };
  readonly idTokens: Readonly<Record<string, string | readonly string[]>>;
  readonly resourceGroup?: string;
  readonly retry: { readonly max: number; readonly when: readonly string[] };
  /** Seconds to wait before a delayed job. */
  readonly startIn: number;
  readonly tags: readonly string[];
  /** Seconds; undefined when the CI file sets none. */
  readonly timeout?: number;
  /** What the CI file gives it, `$` in them not yet filled in. */
  readonly variables: Readonly<Record<string, string>>;
  /** The part that gitlab-ci-local runs. */
  readonly script: Readonly<Record<string, unknown>>;
}

/** The rule of a job that held; undefined for a job without rules. */
export type HeldRule = NonNullable<ExpandedJob["rules"]>[number];

/** Puts together what a job is. Throws PipelineRefused for keywords that the emulator does not run. */
export function plannedJob(
  listed: ListedJob,
  job: ExpandedJob,
  baseName: string,
  config: ExpandedConfig,
  rule: HeldRule | undefined,
): PlannedJob {
  if (job.trigger !== undefined)
    throw new PipelineRefused(
      `jobs:${baseName} trigger: the emulator runs no downstream pipelines`,
      "config",
    );
  const kept = withDefaults(job, config);
  const needs = listed.needs ?? undefined;
  const startIn = rule?.start_in ?? job.start_in;
  const artifactsFrom =
    job.dependencies ?? needs?.filter(({ artifacts }) => artifacts).map((need) => need.job);
  return {
    name: listed.name,
    baseName,
    stage: listed.stage,
    when: listed.when as When,
    allowFailure: forgiven(listed, job),
    ...(needs && { needs: needs.map((need) => need.job) }),
    ...(artifactsFrom && { artifactsFrom }),
    artifacts: artifactRules(job),
    ...(job.environment && {
      environment: { name: job.environment.name, action: job.environment.action },
    }),
    idTokens: Object.fromEntries(Object.entries(kept.id_tokens ?? {}).map(([name, { aud }]) => [name, aud])),
    ...(job.resource_group !== undefined && { resourceGroup: job.resource_group }),
    retry: kept.retry ?? { max: 0, when: [] },
    startIn: startIn === undefined ? 0 : length(startIn, `jobs:${baseName} start_in`),
    tags: kept.tags ?? [],
    ...(kept.timeout !== undefined && { timeout: length(kept.timeout, `jobs:${baseName} timeout`) }),
    variables: texts({ ...globalVariables(job, config), ...job.variables, ...rule?.variables }),
    script: scriptOf(job),
  };
}

/** Nobody has to start a manual job, unless its rules make it one; gitlab-ci-local knows only the second half. */
function forgiven({ when, allow_failure: listed }: ListedJob, job: ExpandedJob): boolean | readonly number[] {
  if (when === "manual" && !job.rules && job.allow_failure === undefined) return true;
  return typeof listed === "boolean" ? listed : listed.exit_codes;
}

type Inherited = Pick<ExpandedJob, "id_tokens" | "retry" | "tags" | "timeout">;

function withDefaults(job: ExpandedJob, config: ExpandedConfig): Inherited {
  const { default: wanted } = job.inherit;
  const takes = (keyword: string) => (Array.isArray(wanted) ? wanted.includes(keyword) : wanted);
  const known = ["id_tokens", "retry", "tags", "timeout"].filter(takes);
  const defaults = Object.entries(config.default).filter(([keyword]) => known.includes(keyword));
  return { ...(Object.fromEntries(defaults) as Inherited), ...job };
}

function globalVariables(job: ExpandedJob, config: ExpandedConfig): Record<string, unknown> {
  const { variables: wanted } = job.inherit;
  if (typeof wanted === "boolean") return wanted ? config.variables : {};
  return Object.fromEntries(Object.entries(config.variables).filter(([name]) => wanted.includes(name)));
}

function artifactRules(job: ExpandedJob): ArtifactRules {
  const { paths = [], exclude = [], when = "on_success", reports = {} } = job.artifacts ?? {};
  const files = Object.entries(reports).map(([name, value]): [string, string[]] => [
    name,
    (Array.isArray(value) ? value : [value]).filter((path): path is string => typeof path === "string"),
  ]);
  return { paths, exclude, when, reports: Object.fromEntries(files) };
}

function scriptOf(job: ExpandedJob): Record<string, unknown> {
  const { stage, script, before_script, after_script, parallel } = job;
  return JSON.parse(JSON.stringify({ stage, script, before_script, after_script, parallel }));
}

function length(text: string, where: string): number {
  const seconds = secondsOf(text);
  if (seconds === undefined) throw new PipelineRefused(`${where} config should be a duration`, "config");
  return seconds;
}

function texts(values: Readonly<Record<string, unknown>>): Record<string, string> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, String(value ?? "")]));
}
