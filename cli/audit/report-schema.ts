import * as z from "zod";
import { SEVERITIES } from "./severities";

export const AUDIT_SCHEMA = "sopsloop.audit/1";

const text = z.string();
const count = z.number().int().nonnegative();
const time = text.describe("ISO 8601, UTC");
const identityId = text.describe("`id` of one of `identities`");
const keyId = text.describe("`id` of one of `keys`");

/** What may be done with a key, what matters most first. */
export const RIGHTS = [
  ...["decrypt", "export", "backup", "data keys in clear", "give rights", "delete", "configure"],
  ...["rotate", "encrypt", "rewrap", "hmac", "read versions"],
] as const;
const rights = z.array(text).describe("What may be done with the key, what matters most first");

const finding = z.strictObject({
  id: text.describe("Stable; that of a policy is the policy's name"),
  severity: z.enum(SEVERITIES),
  origin: z.enum(["policy", "live", "vault-log", "files"]).describe("Who found it"),
  where: text.describe("The thing itself, as `auth/kubernetes/role/flux-system_kustomize-controller`"),
  what: text,
  mend: text,
});

const key = z.strictObject({
  id: text.describe("As a sops file names it, without a version: `https://vault:8200/v1/transit/keys/sops`"),
  backend: z.enum(["vault", "azure", "aws", "gcp", "huawei", "age", "pgp"]),
  name: text.describe(
    "Short: `transit/keys/sops`, `kv-sops/keys/sops`, or the beginning of an age recipient",
  ),
  type: text.optional().describe("`aes256-gcm96`, `RSA-HSM 4096`, `X25519`"),
  current: text
    .optional()
    .describe("Version that wraps now; absent where it is not known, or there are none"),
  oldestUsable: text.optional().describe("Oldest version that still decrypts"),
  versions: z
    .array(
      z.strictObject({
        version: text,
        created: time.optional(),
        state: z.enum(["current", "usable", "closed"]).describe("`closed`: decrypts no more"),
        files: count.optional().describe("Encrypted files that it has wrapped; only with `--files`"),
      }),
    )
    .describe("As far as they are known, oldest first"),
  created: time.optional().describe("When the first version that is known of was made"),
  rotation: text
    .optional()
    .describe("ISO 8601 duration from one version to the next; absent where only people rotate"),
  rotatesAt: time.optional().describe("When the next version is due"),
  expires: text.optional().describe("ISO 8601 duration that a version encrypts; absent: for ever"),
  expiresAt: time.optional().describe("When the current version encrypts no more"),
});

const identity = z.strictObject({
  id: text,
  kind: z.enum(["service-account", "pipeline", "federated", "principal", "login", "holder"]),
  name: text,
  group: text.describe("What it belongs to: a namespace, a project, a tenant"),
});

const path = z.strictObject({
  login: text.describe("What the identity logs in as: a role of Vault, a managed identity of Azure"),
  policies: z.array(text).describe("What gives the rights: policies of Vault, role definitions of Azure"),
  rights,
  conditions: z.array(text).describe("What a token has to be beside, and how long the login lasts"),
});

const grant = z.strictObject({
  identity: identityId,
  key: keyId,
  rights,
  paths: z
    .array(path)
    .describe("By which the identity comes to the rights; empty for who holds the key itself"),
  unknown: z.array(text).describe("Why there may be more rights than these"),
  origin: z
    .enum(["declared", "live", "both"])
    .describe("Whether the program declares it, or the live system has it"),
});

const delivery = z.strictObject({
  name: text.describe("`namespace/name` of the Kustomization"),
  identity: identityId.describe("Who decrypts"),
  folder: text,
  source: text,
  branch: text,
  namespace: text.nullable().describe("Where its Secrets go; null: where each manifest says"),
  keys: z
    .array(keyId)
    .describe("Keys that the identity may decrypt by; with `--files` only those of them that its files name"),
  files: count.optional().describe("Encrypted files that it builds; only with `--files`"),
});

const trigger = z.strictObject({
  name: text,
  kind: z.enum(["schedule", "token", "event", "source"]),
  starts: text.describe("What it starts"),
  when: text,
});

const file = z.strictObject({
  path: text,
  state: z.enum(["fresh", "stale", "unknown"]),
  behind: count.describe("Versions that the furthest recipient is behind"),
  keys: z.array(z.strictObject({ key: text, version: text.optional() })),
  deliveries: z.array(text).describe("`name` of those that build it"),
});

const files = z.strictObject({
  fresh: count,
  stale: count,
  unknown: count,
  asked: z
    .boolean()
    .describe("Whether the key servers were asked for the current versions; else they are the state's"),
  list: z.array(file),
});

const seen = { count, first: time, last: time };
const log = z.strictObject({
  lines: count,
  unreadable: count.describe("Lines that are no entries of an audit log"),
  from: time.optional(),
  to: time.optional(),
  uses: z.array(
    z.strictObject({
      key: text.describe("`transit/keys/sops`"),
      operation: text,
      identity: text.describe("As Vault shows it"),
      by: text.optional().describe("How it logged in; absent where it is no login of the loop"),
      result: z.enum(["done", "refused", "failed"]),
      items: count.describe("Data keys: one request may hold many"),
      ...seen,
    }),
  ),
  refusedLogins: z.array(z.strictObject({ path: text, addresses: z.array(text), ...seen })),
  changes: z.array(z.strictObject({ path: text, operation: text, identity: text, ...seen })),
});

const change = z.strictObject({ identity: text, identityName: text, key: text, keyName: text, rights });
const changes = z.strictObject({
  since: time,
  gained: z.array(change),
  lost: z.array(change),
  keys: z.array(z.strictObject({ key: text, what: text })),
  deliveries: z.strictObject({ new: z.array(text), gone: z.array(text), changed: z.array(text) }),
  findings: z.strictObject({ new: z.array(finding), gone: z.array(finding) }),
  files: z
    .strictObject({ stale: z.tuple([count, count]) })
    .optional()
    .describe("Before and after; only where both reports tell"),
});

/** What `sopsloop audit --format json` prints. docs/audit-schema.md is made of this. */
export const auditReport = z.strictObject({
  schema: z.literal(AUDIT_SCHEMA),
  made: time.describe("When the report was made"),
  stack: text.optional().describe("`project/stack`; absent where the source does not say"),
  source: z.strictObject({
    kind: z.enum(["stack", "export", "outputs"]),
    stateOf: time.optional().describe("When the stack's state was written; what happened since is not in it"),
  }),
  summary: z.strictObject({
    keys: count,
    identities: count,
    decryptors: count.describe("Identities that may decrypt by at least one key"),
    findings: z.strictObject({ critical: count, high: count, medium: count, low: count }),
    stale: count.optional(),
  }),
  keys: z.array(key),
  identities: z.array(identity),
  grants: z.array(grant),
  deliveries: z.array(delivery).describe("What Flux decrypts and as whom"),
  triggers: z.array(trigger).describe("What starts the pipelines that move data keys to a new version"),
  files: files.optional().describe("Only with `--files`"),
  log: log.optional().describe("What Vault's audit log tells of the key; only with `--vault-log`"),
  findings: z.array(finding).describe("Worst first"),
  checks: z.array(text).describe("What was looked at: `policies`, `files`, `live`, `vault-log`"),
  skipped: z.array(z.strictObject({ id: text, why: text })).describe("What could not be looked at"),
  changes: changes.optional().describe("Only with `--since`"),
});

export type AuditReport = z.infer<typeof auditReport>;
export type Key = AuditReport["keys"][number];
export type Identity = AuditReport["identities"][number];
export type Grant = AuditReport["grants"][number];
export type Path = Grant["paths"][number];
export type Delivery = AuditReport["deliveries"][number];
export type Trigger = AuditReport["triggers"][number];
export type Files = NonNullable<AuditReport["files"]>;
export type Log = NonNullable<AuditReport["log"]>;
export type Changes = NonNullable<AuditReport["changes"]>;
export type Right = (typeof RIGHTS)[number];
