import { z } from "zod";
import { RECIPIENT_KINDS } from "../sops-file/recipient";
import { CHECKS, type Check } from "./finding";

export const STATUS_SCHEMA = "sopsloop.status/1";

const count = z.number().int().nonnegative();
const check = z.enum(Object.keys(CHECKS) as [Check, ...Check[]]);

/** What `sopsloop status --json` prints. docs/status-schema.md says what each field means. */
export const statusReport = z.strictObject({
  schema: z.literal(STATUS_SCHEMA),
  summary: z.strictObject({
    files: count,
    fresh: count,
    stale: count,
    unknown: count,
    notLookedAt: count,
    findings: count,
  }),
  keys: z.array(
    z.strictObject({
      kind: z.enum(RECIPIENT_KINDS),
      key: z.string(),
      current: z.string().optional(),
      oldestUsable: z.string().optional(),
      older: z.array(z.string()).optional(),
      problem: z.string().optional(),
      notLookedAt: z.literal(true).optional(),
      files: z.record(z.string(), count),
    }),
  ),
  files: z.array(
    z.strictObject({
      path: z.string(),
      format: z.enum(["yaml", "json", "dotenv", "ini", "binary"]),
      state: z.enum(["fresh", "stale", "unknown"]),
      behind: count,
      recipients: z.array(
        z.strictObject({
          kind: z.enum(RECIPIENT_KINDS),
          key: z.string(),
          group: count,
          version: z.string().optional(),
          state: z.enum(["fresh", "stale", "unknown", "unversioned"]),
          behind: count.optional(),
        }),
      ),
    }),
  ),
  findings: z.array(
    z.strictObject({
      check,
      path: z.string(),
      line: z.number().int().positive(),
      subject: z.string(),
      message: z.string(),
    }),
  ),
  skipped: z.array(z.strictObject({ path: z.string(), why: z.string() })),
});

export type StatusReport = z.infer<typeof statusReport>;
