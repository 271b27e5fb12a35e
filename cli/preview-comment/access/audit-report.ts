import * as z from "zod";
import { UNKNOWN } from "../secrets/pulumi-values";

/** A part that is undefined where the preview does not know it yet. So is one of another form than expected, rather than guessed at. */
const told = <T extends z.ZodType>(inner: T) =>
  z
    .literal(UNKNOWN)
    .transform(() => undefined)
    .or(inner)
    .catch(undefined);

const text = told(z.string());
const texts = told(z.array(text));

const role = z.object({
  name: text,
  auth: text,
  serviceAccounts: texts,
  namespaces: texts,
  audience: told(z.string().nullable()),
  policies: texts,
});

const pipelineRole = z.object({
  name: text,
  auth: text,
  projectId: text,
  protectedBranch: told(z.string().nullable()),
  sources: texts,
  audience: told(z.string().nullable()),
  policies: texts,
});

const delivery = z.object({
  kustomization: text,
  namespace: text,
  serviceAccount: text,
  path: text,
  source: text,
  branch: text,
  targetNamespace: told(z.string().nullable()),
});

/** The program's output `audit` (components/audit.ts), as far as it concerns who can decrypt. */
const auditReport = z.object({
  vault: told(z.object({ address: text })),
  key: told(
    z.object({
      mount: text,
      name: text,
      type: text,
      latestVersion: told(z.number()),
      minDecryptionVersion: told(z.number()),
    }),
  ),
  /** By name. */
  policies: told(z.record(z.string(), told(z.object({ text })))),
  roles: told(z.array(told(role))),
  decryption: told(z.array(told(delivery))),
  /** Null where the program has no GitLab half. */
  pipelines: told(z.object({ roles: told(z.array(told(pipelineRole))) })).nullable(),
});

export type AuditReport = z.infer<typeof auditReport>;
export type LoginRole = z.infer<typeof role>;
export type PipelineRole = z.infer<typeof pipelineRole>;
export type Delivery = z.infer<typeof delivery>;

/** Undefined where the value is no such report at all, or wholly unknown. @param value plain JSON (`plainValue`). */
export function auditReportOf(value: unknown): AuditReport | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  return auditReport.safeParse({ pipelines: null, ...value }).data;
}
