import * as z from "zod";
import { CliError } from "../../errors/cli-error";
import type { PlainObject } from "../../preview-comment/secrets/pulumi-values";

const texts = z.array(z.string());

const identity = z.object({
  name: z.string(),
  issuer: z.string(),
  subject: z.string(),
  audience: z.string(),
  may: texts,
});

const azureKey = z.object({
  url: z.string(),
  vault: z.string(),
  name: z.string(),
  type: z.string(),
  size: z.number(),
  rotatesAfter: z.string().nullable(),
  rotatesBeforeExpiry: z.string().nullable(),
  expiresAfter: z.string().nullable(),
});

const role = z.object({
  name: z.string(),
  auth: z.string(),
  serviceAccounts: texts,
  namespaces: texts,
  audience: z.string().nullable(),
  ttlSeconds: z.number(),
  tokenType: z.string(),
  policies: texts,
});

const pipelineRole = z.object({
  name: z.string(),
  auth: z.string(),
  projectId: z.string(),
  protectedBranch: z.string().nullable(),
  sources: texts,
  audience: z.string().nullable(),
  ttlSeconds: z.number(),
  policies: texts,
});

/** The program's output `audit` (components/audit.ts), once `pulumi up` has run. */
const auditOutput = z.object({
  vault: z.object({ address: z.string(), auditLog: z.string().nullable() }),
  key: z.object({
    mount: z.string(),
    name: z.string(),
    type: z.string(),
    latestVersion: z.number(),
    minDecryptionVersion: z.number(),
    autoRotatePeriod: z.number(),
    /** Absent from stacks of before it was told. */
    versions: z.array(z.object({ version: z.number(), created: z.string() })).optional(),
  }),
  policies: z.record(z.string(), z.object({ text: z.string() })),
  roles: z.array(role),
  decryption: z.array(
    z.object({
      kustomization: z.string(),
      namespace: z.string(),
      serviceAccount: z.string(),
      path: z.string(),
      source: z.string(),
      branch: z.string(),
      targetNamespace: z.string().nullable(),
    }),
  ),
  pipelines: z
    .object({
      roles: z.array(pipelineRole),
      /** Absent from stacks of before they were told. */
      starts: z
        .object({ tokens: texts, sweep: z.object({ cron: z.string(), timezone: z.string() }) })
        .optional(),
    })
    .optional(),
  azure: z.object({ keys: z.array(azureKey), identities: z.array(identity) }).optional(),
});

export type AuditOutput = z.output<typeof auditOutput>;

/** @throws CliError (2) where a part is missing, or known only after the next `pulumi up`. */
export function auditOutputOf({ audit }: PlainObject, where: string): AuditOutput {
  const read = auditOutput.safeParse(audit);
  if (read.success) return read.data;
  const path = ["audit", ...(read.error.issues[0]?.path ?? [])].join(".");
  throw new CliError(`${where}: has no usable ${path}; is it a stack of sopsloop, and has pulumi up run?`, 2);
}
