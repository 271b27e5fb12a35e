import type { Resource } from "../../../../policies/values/subject";
import { CANARY, type Made, maker } from "./resources";

export const ADDRESS = "https://vault.example.com:8200";

export const key = maker("vault:transit/secretBackendKey:SecretBackendKey", {
  backend: "transit",
  name: "sops",
  type: "aes256-gcm96",
  exportable: false,
  allowPlaintextBackup: false,
  deletionAllowed: false,
  autoRotatePeriod: 7776000,
  minDecryptionVersion: 1,
});

export const mount = maker("vault:index/mount:Mount", {
  path: "transit",
  type: "transit",
  description: "Made by sopsloop, stack sopsloop/dev",
});

export const endpoint = maker("vault:generic/endpoint:Endpoint", {
  path: "transit/config/keys",
  dataJson: '{"disable_upsert":true}',
});

export const kubernetesRole = maker("vault:kubernetes/authBackendRole:AuthBackendRole", {
  backend: "kubernetes",
  roleName: "flux-system_kustomize-controller",
  boundServiceAccountNames: ["kustomize-controller"],
  boundServiceAccountNamespaces: ["flux-system"],
  audience: ADDRESS,
  tokenPolicies: ["sops-flux-decrypt"],
  tokenTtl: 600,
  tokenType: "batch",
  tokenNoDefaultPolicy: true,
});

/** The Flux guide's own, exactly. */
export const guideRole = maker("vault:kubernetes/authBackendRole:AuthBackendRole", {
  backend: "kubernetes",
  roleName: "flux-sops-role",
  boundServiceAccountNames: ["source-controller", "kustomize-controller"],
  boundServiceAccountNamespaces: ["flux-system"],
  tokenPolicies: ["flux-sops-policy"],
  tokenTtl: 86400,
});

/** A role of the rewrap job. */
export const pipelineRole = maker("vault:jwt/authBackendRole:AuthBackendRole", {
  backend: "gitlab",
  roleName: "sops-rewrap",
  roleType: "jwt",
  userClaim: "project_id",
  boundAudiences: [ADDRESS],
  boundClaimsType: "string",
  boundClaims: {
    project_id: "101",
    pipeline_source: "trigger,schedule",
    ref_type: "branch",
    ref: "main",
    ref_protected: "true",
  },
  tokenPolicies: ["sops-rewrap"],
  tokenTtl: 900,
  tokenType: "batch",
  tokenNoDefaultPolicy: true,
});

/** A service account's role of the jwt method. */
export const accountRole = maker("vault:jwt/authBackendRole:AuthBackendRole", {
  backend: "jwt",
  roleName: "apps_sops",
  roleType: "jwt",
  userClaim: "sub",
  boundSubject: "system:serviceaccount:apps:sops",
  boundAudiences: [ADDRESS],
  tokenPolicies: ["sops-flux-decrypt"],
  tokenTtl: 600,
  tokenType: "batch",
  tokenNoDefaultPolicy: true,
});

export const jwtBackend = maker("vault:jwt/authBackend:AuthBackend", {
  type: "jwt",
  path: "gitlab",
  description: "Made by sopsloop",
  oidcDiscoveryUrl: "https://gitlab.example.com",
  boundIssuer: "https://gitlab.example.com",
});

export const kubernetesConfig = maker("vault:kubernetes/authBackendConfig:AuthBackendConfig", {
  backend: "kubernetes",
  kubernetesHost: "https://10.0.0.1:6443",
  kubernetesCaCert: "PEM",
  tokenReviewerJwt: CANARY,
  disableLocalCaJwt: true,
  disableIssValidation: true,
});

export const audit = maker("vault:index/audit:Audit", {
  type: "file",
  path: "file",
  description: "Made by sopsloop",
  options: { file_path: "/var/log/vault/audit.log" },
});

export const vaultProvider = maker("pulumi:providers:vault", { address: ADDRESS, skipTlsVerify: "false" });

const policyOf = maker("vault:index/policy:Policy", {});

/** A policy with this text. */
export function policy(text: string, name = "sops-flux-decrypt", made: Made = {}): Resource {
  return policyOf({ name, policy: text }, { name: made.name ?? name, ...made });
}

/** A policy with one grant. */
export function grant(path: string, capabilities: readonly string[], name?: string, made?: Made): Resource {
  const list = capabilities.map((each) => `"${each}"`).join(", ");
  return policy(`path "${path}" {\n  capabilities = [${list}]\n}\n`, name, made);
}

export const decryptPolicy = grant("transit/decrypt/sops", ["update"]);
export const rewrapPolicy = grant("transit/rewrap/sops", ["update"], "sops-rewrap");
