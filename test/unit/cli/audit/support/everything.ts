import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { factsOf } from "../../../../../cli/audit/facts/facts-of";
import { DeclaredVersions } from "../../../../../cli/audit/files/declared-versions";
import type { FilesReading } from "../../../../../cli/audit/files/files-reading";
import { policyFindings } from "../../../../../cli/audit/findings/policy-findings";
import type { LiveReading } from "../../../../../cli/audit/live/live-reading";
import { reportOf } from "../../../../../cli/audit/report";
import type { AuditReport } from "../../../../../cli/audit/report-schema";
import { auditOutputOf } from "../../../../../cli/audit/source/audit-output";
import { readStack } from "../../../../../cli/audit/source/stack-reading";
import type { VaultLogReading } from "../../../../../cli/audit/vault-log/vault-log-reading";
import { statusOf } from "../../../../../cli/status/tree-status";
import { delivery, role } from "../../preview-comment/support/audit";
import { configs, encrypted, recipient, tree } from "../../status/sample";
import {
  AZURE_KEY,
  assignment,
  azureOutput,
  CRYPTO_OFFICER,
  credential,
  KEY_ID,
  KEY_VAULT_ID,
  keyInAzure,
  managedIdentity,
  roleDefinition,
} from "./azure";
import {
  exported,
  jwtRole,
  KEY,
  kubernetesRole,
  MADE,
  outputs,
  policy,
  resource,
  transitKey,
  updating,
} from "./stack";

const AGE = "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p";
const KEYS = "Microsoft.KeyVault/vaults/keys";

/** A stack with something of everything that a report can tell. */
export function everything(): object {
  const [decrypt, decryptId] = roleDefinition("sops-prod decrypt", [
    { dataActions: [`${KEYS}/decrypt/action`] },
  ]);
  const seconds = (day: string) => ({ id: String(Date.parse(`${day}T09:30:00Z`) / 1000) });
  const versions = ["2025-12-02", "2026-03-02", "2026-05-31", "2026-08-29"];
  const others = {
    sopsConfig: `creation_rules:\n  - hc_vault_transit_uri: ${KEY}\n    azure_keyvault: ${AZURE_KEY}\n    age: ${AGE}\n`,
  };
  const given = outputs(
    {
      azure: azureOutput(),
      roles: [role("flux-system", "kustomize-controller"), role("team-a", "flux"), role("team-b", "flux")],
      decryption: [
        delivery("infra", "flux-system", "kustomize-controller"),
        { ...delivery("apps", "team-a", "flux"), targetNamespace: "team-a" },
        { ...delivery("shop", "team-b", "flux"), targetNamespace: "team-b" },
      ],
    },
    others,
  );
  return exported(
    [
      transitKey("transit", "sops", {
        latestVersion: 5,
        minDecryptionVersion: 2,
        keys: versions.map(seconds),
      }),
      transitKey("transit", "archive", {
        latestVersion: 1,
        minDecryptionVersion: 1,
        autoRotatePeriod: 0,
        keys: [seconds("2025-11-20")],
      }),
      policy("wide", updating("transit/*")),
      kubernetesRole("ci", "runner", ["wide", "old-admins"], {
        audience: "",
        tokenTtl: 86_400,
        tokenType: "service",
      }),
      jwtRole("sops-status", ["sops-status"], {
        boundClaims: { project_id: "101", pipeline_source: "merge_request_event,push", ref_type: "branch" },
      }),
      policy("sops-status", 'path "transit/keys/sops" {\n  capabilities = ["read"]\n}\n'),
      jwtRole("sops-chart", ["sops-chart"], {
        boundClaims: { project_id: "101", pipeline_source: "web", ref: "main", ref_protected: "true" },
      }),
      policy("sops-chart", updating("transit/encrypt/sops", "transit/hmac/sops")),
      keyInAzure(),
      managedIdentity("sops-prod-flux", "p-1"),
      credential("sops-prod-flux", "system:serviceaccount:flux-system:kustomize-controller"),
      decrypt,
      assignment("a", "p-1", decryptId, KEY_ID),
      assignment("b", "0f2c8a5e-1111-4222-8333-944455556666", CRYPTO_OFFICER, KEY_VAULT_ID),
      resource("gitlab:index/pipelineSchedule:PipelineSchedule", "sweep", {
        ...{
          project: "101",
          description: "sopsloop: rewrap what is stale",
          cron: "23 3 * * *",
          cronTimezone: "Europe/Berlin",
        },
        active: true,
      }),
      resource("gitlab:index/pipelineTrigger:PipelineTrigger", "relay", {
        project: "101",
        description: "sopsloop: relay",
      }),
      resource("azure-native:eventgrid:SystemTopicEventSubscription", "events", {
        ...{ eventSubscriptionName: "sops-prod-rotations" },
        filter: { includedEventTypes: ["Microsoft.KeyVault.KeyNewVersionCreated"] },
      }),
    ],
    given,
  );
}

const LIVE: LiveReading = {
  findings: [
    {
      ...{
        id: "vault-role-undeclared",
        severity: "critical",
        origin: "live",
        where: "auth/kubernetes/role/debug",
      },
      what: "debug may decrypt with transit/keys/sops and is declared nowhere; any account of default may log in as it",
      mend: "vault delete auth/kubernetes/role/debug, or declare it in the program",
    },
  ],
  grants: [
    {
      ...{ identity: "ServiceAccount default/*", may: ["decrypt"], key: "transit/keys/sops" },
      by: ["auth/kubernetes/role/debug", "policy sops-flux-decrypt"],
    },
    {
      ...{ identity: "ServiceAccount team-a/flux", may: ["decrypt"], key: "transit/keys/sops" },
      by: ["auth/kubernetes/role/team-a_flux", "policy sops-flux-decrypt"],
    },
  ],
  skipped: [{ id: "azure-role-assignments", why: "the identity may not list them" }],
};

const seen = (count: number, last: string) => ({ count, first: "2026-11-01T06:00:00.000Z", last });
const LOG: VaultLogReading = {
  files: ["audit.log"],
  ...{ lines: 18_204, unreadable: 1, from: "2026-11-01T06:00:00.000Z", to: "2026-11-26T11:58:00.000Z" },
  uses: [
    {
      ...{
        key: "transit/keys/sops",
        operation: "decrypt",
        identity: "kubernetes-flux-system-kustomize-controller",
      },
      ...{ by: "auth/kubernetes/role/flux-system_kustomize-controller", result: "done", items: 3610 },
      ...seen(3610, "2026-11-26T11:58:00.000Z"),
    },
    {
      ...{
        key: "transit/keys/sops",
        operation: "decrypt",
        identity: "kubernetes-default-debug",
        by: undefined,
      },
      ...{ result: "refused", items: 2, ...seen(2, "2026-11-19T22:14:00.000Z") },
    },
  ],
  refusedLogins: [
    { path: "auth/kubernetes/login", addresses: ["10.0.7.21"], ...seen(4, "2026-11-19T22:13:00.000Z") },
  ],
  changes: [
    {
      ...{ path: "auth/kubernetes/role/debug", operation: "create", identity: "token-root" },
      ...seen(1, "2026-11-19T22:10:00.000Z"),
    },
  ],
  findings: [
    {
      ...{ id: "vault-log-refused", severity: "medium", origin: "vault-log", where: "transit/decrypt/sops" },
      what: "kubernetes-default-debug was refused twice",
      mend: "find out who runs it",
    },
  ],
};

/** A deploy repository with files of every state. */
async function deployed(keys: AuditReport["keys"]): Promise<FilesReading> {
  const file = (path: string, version: string) =>
    encrypted(path, { recipients: [recipient("hc_vault", KEY, version), recipient("age", AGE)] });
  const files = tree(
    [
      ...["db", "smtp", "oauth"].map((name) => file(`apps/${name}.sops.yaml`, "5")),
      file("apps/legacy.sops.yaml", "2"),
      file("infra/registry.sops.yaml", "4"),
      file("shop/stripe.sops.yaml", "4"),
      encrypted("infra/azure.sops.yaml", { recipients: [recipient("azure_kv", AZURE_KEY, "0123")] }),
    ],
    { configs: configs(`{hc_vault_transit_uri: "${KEY}", age: "${AGE}"}`) },
  );
  const sources = [new DeclaredVersions("hc_vault", keys), new DeclaredVersions("azure_kv", keys)];
  const declared = { keys, sopsConfig: undefined, folders: [] };
  return { tree: files, status: await statusOf(files, sources, []), asked: false, declared };
}

/**
 * The report of all that.
 *
 * @param policies also what the policy pack says of it. @param since also what it differs in from an earlier one.
 */
export async function everythingReport({ policies = false, since = false } = {}): Promise<AuditReport> {
  const folder = mkdtempSync(join(tmpdir(), "sopsloop-everything-"));
  const stack = everything();
  try {
    writeFileSync(join(folder, "e.json"), JSON.stringify(stack));
    const none = { write: () => true };
    const io = { stdout: none, stderr: none, env: {}, cwd: folder, isTerminal: false };
    const reading = await readStack({ export: "e.json" }, io);
    const facts = factsOf(reading, auditOutputOf(reading.outputs, "e.json"));
    const sources = {
      made: MADE,
      stack: reading.stack,
      source: { kind: reading.kind, ...(reading.stateOf !== undefined && { stateOf: reading.stateOf }) },
      facts,
      policies: policies ? policyFindings(stack, {}, io) : undefined,
      files: await deployed(facts.keys.map(({ key }) => key)),
    };
    if (!since) return reportOf({ ...sources, live: LIVE, vaultLog: LOG });
    const before = reportOf(sources);
    const old = {
      ...before,
      made: "2026-10-27T08:00:00.000Z",
      checks: [...before.checks, "live"],
      keys: before.keys.filter(({ name }) => !name.endsWith("/archive")),
      grants: before.grants
        .filter(({ identity }) => identity !== "serviceaccount:team-b/flux")
        .map((grant) =>
          grant.identity.endsWith("team-a/flux") ? { ...grant, rights: ["decrypt", "encrypt"] } : grant,
        ),
      deliveries: before.deliveries.filter(({ name }) => name !== "team-b/shop"),
      findings: [
        ...before.findings.slice(1),
        {
          ...({ id: "vault-audit-disabled", severity: "high", origin: "live", where: "sys/audit" } as const),
          ...{ what: "no audit device is enabled", mend: "set sopsloop:vault.audit.path" },
        },
      ],
      files: { ...before.files, stale: 0 },
    };
    return reportOf({ ...sources, live: LIVE, vaultLog: LOG, old });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
