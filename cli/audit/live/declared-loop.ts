import * as z from "zod";
import { CliError } from "../../errors/cli-error";
import { outputs } from "../../verify/declared";
import type { DeclaredProject } from "./gitlab/declared-project";

/** A role of Vault's by which jobs log in, in the output `audit`. */
export const pipelineRoleOutput = z.object({
  name: z.string(),
  /** `auth/<mount>` */
  auth: z.string(),
  projectId: z.string(),
  /** `null`: every branch. */
  protectedBranch: z.string().nullable(),
  sources: z.array(z.string()),
  audience: z.string().nullable(),
  ttlSeconds: z.number(),
  policies: z.array(z.string()),
});

const audit = outputs.shape.audit.extend({
  key: outputs.shape.audit.shape.key.extend({ autoRotatePeriod: z.number() }),
  pipelines: z.object({ roles: z.array(pipelineRoleOutput), variables: z.array(z.string()) }).optional(),
});

const gitlab = z.object({
  address: z.string(),
  project: z.string(),
  projectId: z.string(),
  authPath: z.string(),
  roles: z.object({ rewrap: z.string(), status: z.string(), chart: z.string().optional() }),
  sweepId: z.number(),
});

const loop = outputs.extend({ audit, gitlab: gitlab.optional() });

/** The whole loop as the outputs of its stack declare it. */
export type DeclaredLoop = z.infer<typeof loop>;
export type DeclaredPipelineRole = z.infer<typeof pipelineRoleOutput>;

/** The same, with what the stack's state says of the deploy project; undefined where only the outputs are known. */
export type DeclaredDeploy = DeclaredLoop & { readonly state: DeclaredProject | undefined };

/** @param found outputs, as `pulumi stack output --json` gives them. @throws CliError (2) where they are another program's. */
export function declaredLoop(found: unknown): DeclaredLoop {
  const checked = loop.safeParse(found);
  if (checked.success) return checked.data;
  const [issue] = checked.error.issues;
  throw new CliError(
    `the stack's outputs have no usable ${issue?.path.join(".")}; is it a stack of sopsloop, and has pulumi up run?`,
    2,
  );
}

/** `transit/keys/sops` */
export function keyPath({ audit: { key } }: DeclaredLoop): string {
  return `${key.mount}/keys/${key.name}`;
}

/** `auth/kubernetes` of `team/auth/kubernetes/login`: without the namespace, which every request has of its own. */
export function mountOf(loginPath: string): string {
  return loginPath.replace(/^.*?(auth\/.*)\/login$/, "$1");
}
