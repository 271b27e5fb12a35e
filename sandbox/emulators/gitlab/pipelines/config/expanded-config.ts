import { z } from "zod";

/** One name, or several. */
const NAMES = z.union([z.string().transform((name) => [name]), z.array(z.string())]);

const EXIT_CODES = z.object({
  exit_codes: z.union([z.number().transform((code) => [code]), z.array(z.number())]),
});
const ALLOW_FAILURE = z.union([z.boolean(), EXIT_CODES]);

const RETRY = z.union([
  z.number().transform((max) => ({ max, when: ["always"] })),
  z.object({ max: z.number().default(0), when: NAMES.default(["always"]) }),
]);

const RULE = z.looseObject({
  when: z.string().optional(),
  start_in: z.string().optional(),
  variables: z.record(z.string(), z.unknown()).optional(),
});

const ARTIFACTS = z.looseObject({
  paths: z.array(z.string()).default([]),
  exclude: z.array(z.string()).default([]),
  when: z.enum(["on_success", "on_failure", "always"]).default("on_success"),
  reports: z.record(z.string(), z.unknown()).default({}),
});

const ENVIRONMENT = z.union([
  z.string().transform((name) => ({ name, action: "start" })),
  z.looseObject({ name: z.string(), action: z.string().default("start"), url: z.string().optional() }),
]);

/** Keywords that `default:` may hold and that gitlab-ci-local does not hand on to the jobs. */
const INHERITED = {
  id_tokens: z.record(z.string(), z.object({ aud: z.union([z.string(), z.array(z.string())]) })).optional(),
  retry: RETRY.optional(),
  tags: z.array(z.string()).optional(),
  timeout: z.union([z.string(), z.number().transform(String)]).optional(),
};

/** A job as gitlab-ci-local writes it, with all includes, extends and references resolved. */
export const EXPANDED_JOB = z.looseObject({
  ...INHERITED,
  artifacts: ARTIFACTS.nullish(),
  environment: ENVIRONMENT.nullish(),
  inherit: z
    .object({
      default: z.union([z.boolean(), z.array(z.string())]).default(true),
      variables: z.union([z.boolean(), z.array(z.string())]).default(true),
    })
    .default({ default: true, variables: true }),
  dependencies: z.array(z.string()).nullish(),
  resource_group: z.string().optional(),
  rules: z.array(RULE).nullish(),
  start_in: z.string().optional(),
  trigger: z.unknown().optional(),
  variables: z.record(z.string(), z.unknown()).default({}),
  when: z.string().default("on_success"),
});
export type ExpandedJob = z.infer<typeof EXPANDED_JOB>;

/** The top of the same file. Every other key at the top is a job. */
export const EXPANDED_CONFIG = z.looseObject({
  stages: z.array(z.string()),
  default: z.looseObject(INHERITED).default({}),
  variables: z.record(z.string(), z.unknown()).default({}),
  workflow: z.looseObject({ name: z.string().optional() }).nullish(),
});
export type ExpandedConfig = z.infer<typeof EXPANDED_CONFIG>;

const NEED = z.object({
  job: z.string(),
  artifacts: z.boolean().default(true),
  optional: z.boolean().default(false),
});

/** What `gitlab-ci-local --list-json` says about one job, its rules evaluated. */
export const LISTED_JOB = z.object({
  name: z.string(),
  stage: z.string(),
  when: z.enum(["on_success", "on_failure", "always", "manual", "delayed", "never"]),
  allow_failure: ALLOW_FAILURE,
  needs: z.array(NEED).nullish(),
});
export type ListedJob = z.infer<typeof LISTED_JOB>;
