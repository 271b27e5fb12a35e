const VAULT = "https://vault.example.com:8200";

const grant = (path: string, capability = "update") =>
  `path "${path}" {\n  capabilities = ["${capability}"]\n}\n`;
const policy = (text: string) => ({ text, sha256: "" });

/** A service account that decrypts, and GitLab's job that rewraps. */
export const OUTPUTS = {
  vaultAddress: VAULT,
  vaultTransitUri: `${VAULT}/v1/transit/keys/sops`,
  sopsConfig: "creation_rules: []\n",
  loginPath: "auth/kubernetes/login",
  decryptRoles: { default: "flux-system_kustomize-controller" },
  policyNames: { decrypt: "sops-flux-decrypt", pipeline: "sops-pipeline", status: "sops-status" },
  audit: {
    vault: { address: VAULT, auditLog: "/vault/audit.log" },
    key: {
      mount: "transit",
      name: "sops",
      type: "aes256-gcm96",
      latestVersion: 1,
      minDecryptionVersion: 1,
      autoRotatePeriod: 7_776_000,
    },
    policies: {
      "sops-flux-decrypt": policy(grant("transit/decrypt/sops")),
      "sops-rewrap": policy(grant("transit/rewrap/sops") + grant("transit/keys/sops", "read")),
    },
    roles: [
      {
        name: "flux-system_kustomize-controller",
        auth: "auth/kubernetes",
        serviceAccounts: ["kustomize-controller"],
        namespaces: ["flux-system"],
        audience: VAULT,
        ttlSeconds: 600,
        tokenType: "batch",
        policies: ["sops-flux-decrypt"],
      },
    ],
    decryption: [
      {
        kustomization: "apps",
        namespace: "flux-system",
        serviceAccount: "kustomize-controller",
        path: "./apps",
        source: "https://gitlab.example.com/team/deploy.git",
        branch: "main",
        targetNamespace: null,
      },
    ],
    pipelines: {
      roles: [
        {
          name: "sops-rewrap",
          auth: "auth/gitlab",
          projectId: "101",
          protectedBranch: "main",
          sources: ["trigger", "schedule"],
          audience: VAULT,
          ttlSeconds: 900,
          policies: ["sops-rewrap"],
        },
      ],
      variables: ["VAULT_CACERT (*)"],
    },
  },
  gitlab: {
    address: "https://gitlab.example.com",
    project: "team/deploy",
    projectId: "101",
    authPath: "gitlab",
    roles: { rewrap: "sops-rewrap", status: "sops-status" },
    sweepId: 7,
  },
};
