import { createHash } from "node:crypto";
import type { AuditReport } from "../../../../../components/audit";
import { keyGrants, policyText } from "../../../../../components/vault/policy-text";

const AUDIENCE = "https://vault.example.com:8200";

/** An audit report as the program writes it: Flux and one team decrypt, pipelines wrap anew. */
export function audit(changes: Partial<AuditReport> = {}): AuditReport {
  const grants = keyGrants("transit", "sops");
  return {
    vault: { address: AUDIENCE, auditLog: null },
    key: {
      ...{ mount: "transit", name: "sops", type: "aes256-gcm96", latestVersion: 3, versions: [] },
      ...{ minDecryptionVersion: 1, autoRotatePeriod: 7_776_000 },
    },
    policies: {
      "sops-flux-decrypt": policy(policyText(grants.decrypt)),
      "sops-pipeline": policy(policyText(grants.pipeline)),
      "sops-rewrap": policy(policyText(grants.rewrap)),
    },
    roles: [role("flux-system", "kustomize-controller"), role("team-a", "flux")],
    decryption: [delivery("apps", "flux-system", "kustomize-controller"), delivery("team", "team-a", "flux")],
    pipelines: {
      roles: [
        {
          ...{ name: "deploy-rewrap", auth: "auth/gitlab", projectId: "101", protectedBranch: "main" },
          ...{
            sources: ["schedule", "trigger"],
            audience: AUDIENCE,
            ttlSeconds: 900,
            policies: ["sops-rewrap"],
          },
        },
      ],
      variables: [],
      starts: { tokens: [], sweep: { cron: "23 3 * * *", timezone: "UTC" } },
    },
    ...changes,
  };
}

export function policy(text: string): { text: string; sha256: string } {
  return { text, sha256: createHash("sha256").update(text).digest("hex") };
}

export function role(
  namespace: string,
  serviceAccount: string,
  policies = ["sops-flux-decrypt"],
): AuditReport["roles"][number] {
  return {
    ...{ name: `${namespace}_${serviceAccount}`, auth: "auth/kubernetes", serviceAccounts: [serviceAccount] },
    ...{ namespaces: [namespace], audience: AUDIENCE, ttlSeconds: 600, tokenType: "batch", policies },
  };
}

export function delivery(
  kustomization: string,
  namespace: string,
  serviceAccount: string,
): AuditReport["decryption"][number] {
  return {
    ...{ kustomization, namespace, serviceAccount, path: `./${kustomization}`, branch: "main" },
    ...{ source: "https://git.example.com/deploy.git", targetNamespace: null },
  };
}
