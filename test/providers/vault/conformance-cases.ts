import type { PlainMap } from "../../../sandbox/providers/engine/resource-type";

/** One resource of the program, as it is made and as it is changed, with the paths where Vault shows it. */
export interface Case {
  readonly type: string;
  readonly inputs: PlainMap;
  /** Absent: the type cannot be changed in place. */
  readonly changed?: PlainMap;
  /** Vault paths to read afterwards. */
  readonly look: readonly string[];
  readonly secrets?: readonly string[];
}

const RULES = 'path "transit/decrypt/sops" {\n  capabilities = ["update"]\n}\n';

/** In the order in which they have to be made. */
export function conformanceCases(ca: string, publicKey: string): readonly Case[] {
  const role = {
    backend: "kubernetes",
    roleName: "flux-sops-role",
    boundServiceAccountNames: ["source-controller", "kustomize-controller"],
    boundServiceAccountNamespaces: ["flux-system"],
    tokenPolicies: ["flux-sops-policy"],
    tokenTtl: 86400,
  };
  const jwtRole = {
    backend: "jwt",
    roleName: "pipeline",
    roleType: "jwt",
    userClaim: "sub",
    boundAudiences: ["https://v:1"],
  };
  return [
    {
      type: "vault:index/mount:Mount",
      inputs: { path: "transit", type: "transit", description: "keys" },
      changed: { path: "transit", type: "transit", description: "the keys", maxLeaseTtlSeconds: 3600 },
      look: ["sys/mounts/transit"],
    },
    {
      type: "vault:generic/endpoint:Endpoint",
      inputs: { path: "transit/config/keys", dataJson: '{"disable_upsert": true}', disableDelete: true },
      changed: { path: "transit/config/keys", dataJson: '{"disable_upsert": false}', disableDelete: true },
      look: ["transit/config/keys"],
      secrets: ["dataJson"],
    },
    {
      type: "vault:transit/secretBackendKey:SecretBackendKey",
      inputs: { backend: "transit", name: "sops", autoRotatePeriod: 7776000 },
      changed: { backend: "transit", name: "sops", autoRotatePeriod: 3600, deletionAllowed: true },
      look: ["transit/keys/sops"],
    },
    {
      type: "vault:transit/secretBackendKey:SecretBackendKey",
      inputs: { backend: "transit", name: "signing", type: "ed25519", minDecryptionVersion: 1 },
      changed: {
        backend: "transit",
        name: "signing",
        type: "ed25519",
        exportable: true,
        deletionAllowed: true,
      },
      look: ["transit/keys/signing"],
    },
    {
      type: "vault:index/policy:Policy",
      inputs: { name: "flux-sops-policy", policy: RULES },
      changed: { name: "flux-sops-policy", policy: RULES.replace("decrypt", "encrypt") },
      look: ["sys/policies/acl/flux-sops-policy"],
    },
    {
      type: "vault:index/authBackend:AuthBackend",
      inputs: { type: "kubernetes", path: "kubernetes", description: "a cluster" },
      changed: { type: "kubernetes", path: "kubernetes", description: "the cluster" },
      look: ["sys/mounts/auth/kubernetes"],
    },
    {
      type: "vault:index/authBackend:AuthBackend",
      inputs: { type: "jwt", path: "tuned", tune: { maxLeaseTtl: "1h30m", listingVisibility: "unauth" } },
      changed: { type: "jwt", path: "tuned", tune: { maxLeaseTtl: "2h", listingVisibility: "unauth" } },
      look: ["sys/mounts/auth/tuned"],
    },
    {
      type: "vault:kubernetes/authBackendConfig:AuthBackendConfig",
      inputs: {
        backend: "kubernetes",
        kubernetesHost: "https://127.0.0.1:6443",
        kubernetesCaCert: ca,
        tokenReviewerJwt: "e30.e30.reviewer",
        disableIssValidation: true,
        disableLocalCaJwt: true,
      },
      changed: {
        backend: "kubernetes",
        kubernetesHost: "https://127.0.0.1:7443",
        kubernetesCaCert: ca,
        tokenReviewerJwt: "e30.e30.reviewer",
        disableIssValidation: true,
        disableLocalCaJwt: true,
      },
      look: ["auth/kubernetes/config"],
      secrets: ["tokenReviewerJwt"],
    },
    {
      type: "vault:kubernetes/authBackendRole:AuthBackendRole",
      inputs: role,
      changed: { ...role, tokenTtl: 3600, boundServiceAccountNames: ["kustomize-controller"] },
      look: ["auth/kubernetes/role/flux-sops-role"],
    },
    {
      type: "vault:kubernetes/authBackendRole:AuthBackendRole",
      inputs: {
        ...role,
        roleName: "flux-system_kustomize-controller",
        audience: "https://127.0.0.1:18200",
        tokenType: "batch",
        tokenNoDefaultPolicy: true,
        tokenBoundCidrs: ["127.0.0.1/32"],
      },
      changed: { ...role, roleName: "flux-system_kustomize-controller", audience: "https://127.0.0.1:18201" },
      look: ["auth/kubernetes/role/flux-system_kustomize-controller"],
    },
    {
      type: "vault:jwt/authBackend:AuthBackend",
      inputs: { path: "jwt", jwtValidationPubkeys: [publicKey], boundIssuer: "https://issuer" },
      changed: { path: "jwt", jwtValidationPubkeys: [publicKey], defaultRole: "pipeline" },
      look: ["sys/mounts/auth/jwt", "auth/jwt/config"],
    },
    {
      type: "vault:jwt/authBackendRole:AuthBackendRole",
      inputs: {
        ...jwtRole,
        boundClaims: { project_id: "7", ref: "main,release" },
        tokenPolicies: ["p"],
        tokenTtl: 600,
      },
      changed: {
        ...jwtRole,
        boundClaims: { project_id: "8" },
        boundSubject: "system",
        tokenNoDefaultPolicy: true,
      },
      look: ["auth/jwt/role/pipeline"],
    },
    {
      type: "vault:index/audit:Audit",
      inputs: { type: "file", path: "file", options: { file_path: "discard" } },
      look: ["sys/audit"],
    },
  ];
}
