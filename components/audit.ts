import { createHash } from "node:crypto";
import * as pulumi from "@pulumi/pulumi";
import type { AzureKeyRecord } from "./azure/azure-key";
import type { IdentityRecord } from "./azure/federated-identity";
import type { DeliveryRecord, FluxDelivery } from "./flux/flux-delivery";
import type { FileAudit } from "./vault/file-audit";
import type { DecryptorLogin, RoleRecord } from "./vault/login";
import type { PipelineRoleRecord } from "./vault/pipeline-login";
import type { SopsPolicies } from "./vault/sops-policies";
import type { KeyVersion, TransitKey } from "./vault/transit-key";

export interface AuditArgs {
  /** Vault's normalised address. */
  readonly address: string;
  readonly key: TransitKey;
  readonly policies: SopsPolicies;
  readonly login: DecryptorLogin;
  readonly delivery: FluxDelivery;
  readonly log?: FileAudit | undefined;
  /** The GitLab half, where there is one. */
  readonly pipelines?: PipelinesArgs | undefined;
  /** The Azure half, where there is one. */
  readonly azure?: AzureArgs | undefined;
}

interface AzureArgs {
  readonly keys: pulumi.Output<readonly AzureKeyRecord[]>;
  readonly flux: pulumi.Output<readonly IdentityRecord[]>;
}

/** What starts a pipeline that rewraps. */
export interface PipelineStarts {
  /** Names of the trigger tokens. */
  readonly tokens: readonly string[];
  readonly sweep: { readonly cron: string; readonly timezone: string };
}

interface PipelinesArgs {
  readonly policyTexts: pulumi.Output<Record<string, string>>;
  readonly roles: pulumi.Output<readonly PipelineRoleRecord[]>;
  readonly variables: pulumi.Output<readonly string[]>;
  readonly starts: PipelineStarts;
  /** Who the jobs are in Azure. */
  readonly identities?: pulumi.Output<readonly IdentityRecord[]> | undefined;
}

/** Who can decrypt what, with which key version, and why. Holds no secret. */
export interface AuditReport {
  readonly vault: { readonly address: string; readonly auditLog: string | null };
  readonly key: {
    readonly mount: string;
    readonly name: string;
    readonly type: string;
    readonly latestVersion: number;
    /** Those that may decrypt, oldest first; when each was made. */
    readonly versions: readonly KeyVersion[];
    readonly minDecryptionVersion: number;
    /** Seconds, 0 for never. */
    readonly autoRotatePeriod: number;
  };
  /** By name, sorted. The sha256 is of the text as it stands in Vault, in hexadecimal. */
  readonly policies: Readonly<Record<string, { readonly text: string; readonly sha256: string }>>;
  readonly roles: readonly RoleRecord[];
  /** What Flux decrypts, and as whom. */
  readonly decryption: readonly DeliveryRecord[];
  /** Which jobs of the deploy repository log in as what, and which variables they are given; absent without GitLab. */
  readonly pipelines?: {
    readonly roles: readonly PipelineRoleRecord[];
    /** With their environments, as `DB_PASSWORD (production)`. */
    readonly variables: readonly string[];
    readonly starts: PipelineStarts;
  };
  /** Absent without Azure. */
  readonly azure?: {
    readonly keys: readonly AzureKeyAudit[];
    /** Who the decryptors and the jobs are. */
    readonly identities: readonly IdentityRecord[];
  };
}

/** A key in Azure, and the names of the identities that may use it. Rights that were given by others are not known here. */
export interface AzureKeyAudit extends AzureKeyRecord {
  readonly mayDecrypt: readonly string[];
  readonly mayEncrypt: readonly string[];
  readonly mayRead: readonly string[];
}

/** The report with parts that may not be known yet. */
export type AuditOutputs = { readonly [Part in keyof AuditReport]: PartOutput<AuditReport[Part]> };
type PartOutput<T> = pulumi.Input<T> | { readonly [Field in keyof T]: pulumi.Input<T[Field]> };

/** The audit report of one stack. Not one output as a whole: a part that is unknown in a preview would make all of it so. */
export function auditOf({
  address,
  key,
  policies,
  login,
  delivery,
  log,
  pipelines,
  azure,
}: AuditArgs): AuditOutputs {
  return {
    vault: { address, auditLog: log ? log.path : null },
    key: {
      mount: key.mount,
      name: key.key,
      type: key.keyType,
      latestVersion: key.latestVersion,
      versions: key.versions,
      minDecryptionVersion: key.minDecryptionVersion,
      autoRotatePeriod: key.autoRotatePeriod,
    },
    policies: pulumi
      .all([policies.texts, pipelines?.policyTexts ?? {}])
      .apply(([own, others]) => withHashes({ ...own, ...others })),
    roles: login.roles,
    decryption: delivery.deliveries,
    ...(pipelines && {
      pipelines: { roles: pipelines.roles, variables: pipelines.variables, starts: pipelines.starts },
    }),
    ...(azure && { azure: azureAudit(azure, pipelines?.identities ?? []) }),
  };
}

function azureAudit(
  { keys, flux }: AzureArgs,
  jobs: pulumi.Input<readonly IdentityRecord[]>,
): PartOutput<NonNullable<AuditReport["azure"]>> {
  const identities = pulumi.all([flux, jobs]).apply(([flux, jobs]) => [...flux, ...jobs]);
  return {
    keys: pulumi.all([keys, identities]).apply(([keys, identities]) => {
      const who = (operation: string) =>
        identities.filter(({ may }) => may.includes(operation)).map(({ name }) => name);
      const rights = { mayDecrypt: who("decrypt"), mayEncrypt: who("encrypt"), mayRead: who("read") };
      return keys.map((key) => ({ ...key, ...rights }));
    }),
    identities,
  };
}

function withHashes(texts: Readonly<Record<string, string>>): AuditReport["policies"] {
  return Object.fromEntries(
    Object.entries(texts)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, text]) => [name, { text, sha256: createHash("sha256").update(text).digest("hex") }]),
  );
}
