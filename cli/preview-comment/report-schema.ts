import { z } from "zod";

export const PREVIEW_COMMENT_SCHEMA = "sopsloop.preview-comment/1";

const count = z.number().int().nonnegative();
const text = z.string();

const files = z.strictObject({ encrypted: count, named: count, lost: z.array(text), unreadable: count });

const grant = z.strictObject({
  login: text,
  who: z.array(text).optional(),
  audience: text.nullable().optional(),
  policies: z.array(text).optional(),
  rights: z.array(text),
  unknown: z.array(text),
});

const delivery = z.strictObject({
  kustomization: text.optional(),
  namespace: text.optional(),
  serviceAccount: text.optional(),
  path: text.optional(),
  source: text.optional(),
  branch: text.optional(),
  targetNamespace: text.nullable().optional(),
});

const key = z.strictObject({ key: text, type: text.optional(), minDecryptionVersion: z.number().optional() });

const compared = <T extends z.ZodType>(side: T) =>
  z.strictObject({
    unknown: z.strictObject({ before: text.optional(), after: text.optional() }),
    pairs: z.array(
      z.strictObject({
        name: text,
        fate: z.enum(["gone", "changed", "new", "unclear", "same"]),
        before: side.optional(),
        after: side.optional(),
      }),
    ),
  });

/** What `sopsloop preview-comment --json` prints. docs/preview-comment.md says what each field means. */
export const previewCommentReport = z.strictObject({
  schema: z.literal(PREVIEW_COMMENT_SCHEMA),
  stack: text.optional(),
  failure: text.optional(),
  counts: z.strictObject({
    replace: count,
    delete: count,
    update: count,
    import: count,
    create: count,
    other: count,
    unchanged: count,
  }),
  warnings: z.array(
    z.strictObject({
      urn: text.optional(),
      guard: z.enum(["key", "key store", "policy", "role", "login"]),
      change: z.enum(["delete", "replace", "update"]),
      lines: z.array(text),
      files: files.optional(),
    }),
  ),
  changes: z.array(
    z.strictObject({
      kind: z.enum(["replace", "delete", "update", "import", "create", "other"]),
      op: text,
      urn: text,
      type: text,
      name: text,
      guarded: text.optional(),
      protected: z.boolean(),
      retained: z.boolean(),
      properties: z.array(
        z.strictObject({
          path: text,
          forcesReplacement: z.boolean(),
          before: z.unknown().optional(),
          after: z.unknown().optional(),
        }),
      ),
    }),
  ),
  access: z
    .strictObject({
      key: z.strictObject({ before: key.optional(), after: key.optional() }),
      logins: compared(grant),
      deliveries: compared(delivery),
    })
    .optional(),
  findings: z
    .array(z.strictObject({ level: text, policy: text, pack: text, urn: text.optional(), message: text }))
    .optional(),
  diagnostics: z.array(z.strictObject({ severity: text, urn: text.optional(), message: text })),
  posted: z.strictObject({ action: z.enum(["created", "updated", "unchanged"]), note: count }).optional(),
});

export type PreviewCommentReport = z.infer<typeof previewCommentReport>;
