import * as z from "zod";
import { CliError } from "../../errors/cli-error";
import type { PlainObject } from "../../preview-comment/secrets/pulumi-values";
import { deliveryOutput, roleOutput } from "../../verify/declared";
import { azureIdentityOutput, azureKeyOutput } from "../../verify/declared-azure";
import { pipelineRoleOutput } from "../live/declared-loop";

const texts = z.array(z.string());

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
  roles: z.array(roleOutput),
  decryption: z.array(deliveryOutput),
  pipelines: z
    .object({
      roles: z.array(pipelineRoleOutput),
      /** Absent from stacks of before they were told. */
      starts: z
        .object({ tokens: texts, sweep: z.object({ cron: z.string(), timezone: z.string() }) })
        .optional(),
    })
    .optional(),
  azure: z
    .object({
      keys: z.array(azureKeyOutput),
      // Whose identity it is counts here, not by which id he logs in.
      identities: z.array(azureIdentityOutput.omit({ clientId: true })),
    })
    .optional(),
});

export type AuditOutput = z.output<typeof auditOutput>;

/** @throws CliError (2) where a part is missing, or known only after the next `pulumi up`. */
export function auditOutputOf({ audit }: PlainObject, where: string): AuditOutput {
  const read = auditOutput.safeParse(audit);
  if (read.success) return read.data;
  const path = ["audit", ...(read.error.issues[0]?.path ?? [])].join(".");
  throw new CliError(`${where}: has no usable ${path}; is it a stack of sopsloop, and has pulumi up run?`, 2);
}
