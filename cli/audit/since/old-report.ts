import * as z from "zod";
import { CliError } from "../../errors/cli-error";
import type { Io } from "../../io";
import { AUDIT_SCHEMA, auditReport } from "../report-schema";
import { fileText } from "../source/stack-reading";

/** What an earlier report is compared by. Fields that were added since are no fault of it. */
const oldReport = z.object({
  schema: z.literal(AUDIT_SCHEMA),
  made: z.string(),
  stack: z.string().optional(),
  checks: z.array(z.string()),
  keys: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      type: z.string().optional(),
      current: z.string().optional(),
      oldestUsable: z.string().optional(),
      rotation: z.string().optional(),
    }),
  ),
  identities: z.array(z.object({ id: z.string(), name: z.string() })),
  grants: z.array(z.object({ identity: z.string(), key: z.string(), rights: z.array(z.string()) })),
  deliveries: z.array(
    z.object({
      name: z.string(),
      identity: z.string(),
      folder: z.string(),
      source: z.string(),
      branch: z.string(),
    }),
  ),
  findings: auditReport.shape.findings,
  files: z.object({ stale: z.number() }).optional(),
});

export type OldReport = z.output<typeof oldReport>;

/** @throws CliError (2) where the file is no report of this command, or one of another stack. */
export function readOldReport(file: string, stack: string | undefined, io: Pick<Io, "cwd">): OldReport {
  const read = oldReport.safeParse(jsonOf(fileText("--since", file, io)));
  if (!read.success)
    throw new CliError(
      `--since ${file}: is no earlier report; write one with: sopsloop audit --format json`,
      2,
    );
  const { stack: other } = read.data;
  if (other !== undefined && stack !== undefined && other !== stack)
    throw new CliError(
      `--since ${file}: is of stack ${other}, this one is ${stack}; give one of the same stack`,
      2,
    );
  return read.data;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
