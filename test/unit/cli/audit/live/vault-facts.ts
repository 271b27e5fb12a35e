import type { Login, VaultFacts } from "../../../../../cli/audit/live/vault/facts";
import { OUTPUTS } from "../outputs";

const AUDIENCE = OUTPUTS.vaultAddress;

/** Fields of a token as both of the stack's roles give it. */
const TOKEN = { token_type: "batch", token_no_default_policy: true, token_period: 0 };

export const FLUX: Login = {
  path: "auth/kubernetes/role/flux-system_kustomize-controller",
  name: "flux-system_kustomize-controller",
  type: "kubernetes",
  fields: {
    ...TOKEN,
    bound_service_account_names: ["kustomize-controller"],
    bound_service_account_namespaces: ["flux-system"],
    bound_service_account_namespace_selector: "",
    audience: AUDIENCE,
    token_policies: ["sops-flux-decrypt"],
    token_ttl: 600,
  },
  policies: ["sops-flux-decrypt"],
};

export const JOB: Login = {
  path: "auth/gitlab/role/sops-rewrap",
  name: "sops-rewrap",
  type: "jwt",
  fields: {
    ...TOKEN,
    bound_audiences: [AUDIENCE],
    bound_claims: {
      project_id: ["101"],
      pipeline_source: ["trigger", "schedule"],
      ref_type: ["branch"],
      ref: ["main"],
      ref_protected: ["true"],
    },
    bound_claims_type: "string",
    token_policies: ["sops-rewrap"],
    token_ttl: 900,
  },
  policies: ["sops-rewrap"],
};

/** A Vault that is as declared. */
export function vaultFacts(change: Partial<VaultFacts> = {}): VaultFacts {
  const policies = Object.entries(OUTPUTS.audit.policies).map(([name, { text }]) => [name, text] as const);
  return {
    audit: { "file/": { options: { file_path: OUTPUTS.audit.vault.auditLog } } },
    mounts: { "transit/": { type: "transit", config: {} } },
    keySettings: { disable_upsert: true },
    key: {
      type: "aes256-gcm96",
      exportable: false,
      allow_plaintext_backup: false,
      deletion_allowed: false,
      derived: false,
      imported_key: false,
      min_decryption_version: 1,
      auto_rotate_period: 7_776_000,
    },
    policies: new Map([...policies, ["default", DEFAULT]]),
    methods: [
      {
        path: "auth/gitlab",
        type: "jwt",
        config: {
          oidc_discovery_url: OUTPUTS.gitlab.address,
          bound_issuer: OUTPUTS.gitlab.address,
          jwks_url: "",
        },
      },
    ],
    logins: [FLUX, JOB],
    unseen: new Set(),
    identities: [],
    tokens: [],
    ...change,
  };
}

/** As Vault's own: it has templates. */
const DEFAULT = `
# Allow tokens to look up their own properties
path "auth/token/lookup-self" {
    capabilities = ["read"]
}
path "identity/entity/id/{{identity.entity.id}}" {
  capabilities = ["read"]
}
path "identity/entity/name/{{identity.entity.name}}" { capabilities = ["read"] }
path "sys/wrapping/wrap" {
    capabilities = ["update"]
}
`;
