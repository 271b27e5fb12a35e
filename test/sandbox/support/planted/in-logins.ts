import { generateKeyPairSync } from "node:crypto";
import { readFileSync } from "node:fs";
import type { LiveLoop } from "../live-loop";
import type { Planted } from "./planted";

const AUTH = "auth/kubernetes";
const ROLE = `${AUTH}/role/flux-system_kustomize-controller`;
const JOB = "auth/gitlab/role/sops-rewrap";
const POLICY = "sops-flux-decrypt";

interface Role {
  readonly data: { readonly bound_claims: Readonly<Record<string, unknown>> };
}

const edited = (path: string, change: object): Pick<Planted, "plant" | "heal"> => ({
  plant: (loop) => loop.edit(path, change),
  heal: (loop) => loop.restore(path),
});

/** A job's role with other claims; one that is undefined is left out. */
const claims = (change: object): Pick<Planted, "plant" | "heal"> => ({
  plant: async (loop) => {
    const { data } = await loop.vault<Role>("GET", JOB);
    await loop.edit(JOB, { bound_claims: { ...data.bound_claims, ...change } });
  },
  heal: (loop) => loop.restore(JOB),
});

const made = (path: string, body: object): Pick<Planted, "plant" | "heal"> => ({
  plant: (loop) => loop.vault("PUT", path, body),
  heal: (loop) => loop.vault("DELETE", path),
});

/** An auth method of a kind, with something in it; gone with all that it held. */
const method = (type: string, path: string, body: object): Pick<Planted, "plant" | "heal"> => ({
  plant: async (loop) => {
    await loop.vault("PUT", `sys/auth/${type}`, { type });
    await loop.vault("PUT", `auth/${type}/${path}`, body);
  },
  heal: (loop) => loop.vault("DELETE", `sys/auth/${type}`),
});

const tokens: string[] = [];
const token = (body: object): Pick<Planted, "plant" | "heal"> => ({
  plant: async (loop) => {
    const made = await loop.vault<{ auth: { accessor: string } }>("PUT", "auth/token/create", body);
    tokens.push(made.auth.accessor);
  },
  heal: (loop) => loop.vault("PUT", "auth/token/revoke-accessor", { accessor: tokens.pop() }),
});

const jwtConfig = async (loop: LiveLoop, change: object): Promise<void> => {
  await loop.edit("auth/gitlab/config", change);
};

/** Roles, logins, identities, tokens, and what auth methods believe. */
export const IN_LOGINS: readonly Planted[] = [
  {
    id: "vault-role-missing",
    how: "a role is gone",
    where: ROLE,
    what: /no such role/,
    plant: async (loop) => {
      await loop.edit(ROLE, {});
      await loop.vault("DELETE", ROLE);
    },
    heal: (loop) => loop.restore(ROLE),
  },
  {
    id: "vault-role-bound-wildcard",
    how: "a role takes every service account",
    where: ROLE,
    what: /accounts \* of namespaces flux-system/,
    ...edited(ROLE, { bound_service_account_names: ["*"] }),
  },
  {
    id: "vault-role-bound-others",
    how: "a role takes an account of another namespace",
    where: ROLE,
    what: /it takes default too/,
    ...edited(ROLE, { bound_service_account_namespaces: ["flux-system", "default"] }),
  },
  {
    id: "vault-role-no-audience",
    how: "a role takes tokens for any audience",
    where: ROLE,
    what: /it takes any audience/,
    ...edited(ROLE, { audience: "" }),
  },
  {
    id: "vault-role-other-audience",
    how: "a role takes tokens for another server",
    where: ROLE,
    what: /tokens for https:\/\/other\.example\.com/,
    ...edited(ROLE, { audience: "https://other.example.com" }),
  },
  {
    id: "vault-role-more-policies",
    how: "a role gives another policy too",
    where: ROLE,
    what: /it gives sops-pipeline too/,
    ...edited(ROLE, { token_policies: [POLICY, "sops-pipeline"] }),
  },
  {
    id: "vault-role-long-tokens",
    how: "a role's tokens live for a day",
    where: ROLE,
    what: /token_ttl is 86400 s, declared is 600 s/,
    ...edited(ROLE, { token_ttl: 86_400 }),
  },
  {
    id: "vault-role-token-type",
    how: "a role gives service tokens",
    where: ROLE,
    what: /token_type is service/,
    ...edited(ROLE, { token_type: "service" }),
  },
  {
    id: "vault-role-default-policy",
    how: "a role gives the default policy too",
    where: ROLE,
    what: /token_no_default_policy is off/,
    ...edited(ROLE, { token_no_default_policy: false }),
  },
  {
    id: "vault-role-undeclared",
    how: "a wildcard role that nobody declared",
    where: `${AUTH}/role/debug`,
    what: /sops-flux-decrypt allows decrypt/,
    ...made(`${AUTH}/role/debug`, {
      bound_service_account_names: ["*"],
      bound_service_account_namespaces: ["default"],
      token_policies: [POLICY],
    }),
  },
  {
    id: "vault-role-undeclared",
    how: "a role for jobs of another project",
    where: "auth/gitlab/role/nightly",
    what: /allows decrypt/,
    ...made("auth/gitlab/role/nightly", {
      role_type: "jwt",
      user_claim: "project_id",
      bound_audiences: ["https://vault.example.com"],
      bound_claims: { project_id: "666" },
      token_policies: [POLICY],
    }),
  },
  {
    id: "vault-login-undeclared",
    how: "a user with a password",
    where: "auth/userpass/users/jane",
    what: /allows decrypt/,
    ...method("userpass", "users/jane", { password: "a pass phrase of this test", token_policies: [POLICY] }),
  },
  {
    id: "vault-login-undeclared",
    how: "an AppRole",
    where: "auth/approle/role/legacy",
    what: /allows decrypt/,
    ...method("approle", "role/legacy", { token_policies: [POLICY] }),
  },
  {
    id: "vault-login-undeclared",
    how: "a token role that allows the policy by a pattern",
    where: "auth/token/roles/ops",
    what: /allows decrypt/,
    ...made("auth/token/roles/ops", { allowed_policies_glob: ["sops-flux-*"] }),
  },
  {
    id: "vault-identity-undeclared",
    how: "an entity has the policy, however it logs in",
    where: "identity/entity/name/jane",
    what: /sops-flux-decrypt allows decrypt/,
    plant: (loop) => loop.vault("PUT", "identity/entity/name/jane", { policies: [POLICY] }),
    heal: (loop) => loop.vault("DELETE", "identity/entity/name/jane"),
  },
  {
    id: "vault-identity-undeclared",
    how: "a group has the policy",
    where: "identity/group/name/ops",
    what: /allows decrypt/,
    plant: (loop) => loop.vault("PUT", "identity/group/name/ops", { policies: [POLICY] }),
    heal: (loop) => loop.vault("DELETE", "identity/group/name/ops"),
  },
  {
    id: "vault-token-undeclared",
    how: "somebody keeps a token with the policy",
    where: "auth/token/create",
    what: /one token \(token-kept\) with default, sops-flux-decrypt: decrypt/,
    ...token({ policies: [POLICY], display_name: "kept", ttl: "24h" }),
  },
  {
    id: "vault-token-root",
    how: "a second root token",
    where: "auth/token/create",
    what: /one token \(token\) beside the one of this run/,
    ...token({}),
  },
  {
    id: "vault-job-any-project",
    how: "jobs of any project",
    where: JOB,
    what: /project_id is not bound, declared is 101/,
    ...claims({ project_id: undefined }),
  },
  {
    id: "vault-job-any-branch",
    how: "jobs of branches that are not protected",
    where: JOB,
    what: /ref_protected not bound/,
    ...claims({ ref_protected: undefined }),
  },
  {
    id: "vault-job-source",
    how: "pipelines that anybody starts by hand",
    where: JOB,
    what: /pipeline_source is schedule, trigger, web/,
    ...claims({ pipeline_source: ["trigger", "schedule", "web"] }),
  },
  {
    id: "vault-job-glob",
    how: "claims are compared as patterns",
    where: JOB,
    what: /bound_claims_type is glob/,
    also: ["vault-job-any-branch"],
    plant: async (loop) => {
      const { data } = await loop.vault<Role>("GET", JOB);
      await loop.edit(JOB, { bound_claims: { ...data.bound_claims, ref: "*" }, bound_claims_type: "glob" });
    },
    heal: (loop) => loop.restore(JOB),
  },
  {
    id: "vault-auth-issuer",
    how: "Vault believes somebody's own key for jobs",
    where: "auth/gitlab",
    what: /oidc_discovery_url is not set, .*jwt_validation_pubkeys is set/,
    plant: async (loop) => {
      const { publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
      const pem = publicKey.export({ type: "spki", format: "pem" });
      const keys = { jwt_validation_pubkeys: [pem], oidc_discovery_url: "", oidc_discovery_ca_pem: "" };
      await jwtConfig(loop, keys);
    },
    heal: (loop) => loop.restore("auth/gitlab/config"),
  },
  {
    id: "vault-auth-ca",
    how: "Vault asks another API server",
    where: AUTH,
    what: /not the API server's/,
    plant: async (loop) =>
      loop.edit(`${AUTH}/config`, {
        kubernetes_ca_cert: readFileSync(loop.it.loop.layout.vault.ca, "utf8"),
        token_reviewer_jwt: await loop.it.reviewerJwt(),
      }),
    heal: async (loop) => loop.restore(`${AUTH}/config`, { token_reviewer_jwt: await loop.it.reviewerJwt() }),
  },
];
