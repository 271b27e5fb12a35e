import * as pulumi from "@pulumi/pulumi";
import { AuthBackend } from "@pulumi/vault/authBackend";
import { AuthBackendConfig } from "@pulumi/vault/kubernetes/authBackendConfig";
import { AuthBackendRole } from "@pulumi/vault/kubernetes/authBackendRole";
import { authMethodInputs, authMethodOptions, decryptorToken } from "./auth-method";
import {
  type Decryptor,
  type DecryptorLogin,
  type DecryptorLoginArgs,
  type RoleRecord,
  roleNameOf,
} from "./login";

/** The Flux guide's name for its role; adoption finds it by this name. */
export const GUIDE_ROLE = "flux-sops-role";

/** Who tells Vault whether a token is genuine: a service account whose token Vault holds. */
export interface Reviewer {
  /** Token of the reviewing service account, secret. */
  readonly jwt: pulumi.Output<string>;
  /** CA of the API server, PEM. */
  readonly caPem: pulumi.Output<string>;
}

/** What the guide's role names. */
export interface GuideRole {
  readonly policy: pulumi.Input<string>;
  readonly fluxNamespace: string;
}

export interface KubernetesLoginArgs extends DecryptorLoginArgs {
  /** API server's URL as Vault reaches it. */
  readonly host: string;
  /** Absent when Vault runs in the cluster: it then reviews with its own service account and its pod's CA. */
  readonly reviewer?: Reviewer | undefined;
  /** The guide's policy, for the guide's role; absent leaves the role out. */
  readonly guide?: GuideRole | undefined;
}

/** Vault's Kubernetes auth method: tokens are checked by the API server, so a deleted account is out at once. */
export class KubernetesLogin extends pulumi.ComponentResource implements DecryptorLogin {
  public readonly loginPath: pulumi.Output<string>;
  public readonly roles: pulumi.Output<readonly RoleRecord[]>;

  constructor(name: string, args: KubernetesLoginArgs, opts?: pulumi.ComponentResourceOptions) {
    super("sopsloop:vault:KubernetesLogin", name, {}, opts);

    const method = args.shared === true ? undefined : authMethod(this, name, args);
    const path = method?.backend.path ?? pulumi.output(args.mount);
    const made = { name, args, path, opts: { parent: this, ...(method && { dependsOn: method.config }) } };
    const roles = Object.values(args.decryptors).map((decryptor) => decryptorRole(made, decryptor));
    if (args.guide) roles.push(guideRole(made, args.guide));

    this.loginPath = pulumi.interpolate`auth/${path}/login`;
    this.roles = pulumi.all(roles.map(recordOf));
    this.registerOutputs({ loginPath: this.loginPath, roles: this.roles });
  }
}

function authMethod(parent: pulumi.Resource, name: string, args: KubernetesLoginArgs) {
  const backend = new AuthBackend(
    `${name}-auth`,
    { type: "kubernetes", ...authMethodInputs(args) },
    authMethodOptions(parent, args),
  );
  const config = new AuthBackendConfig(
    `${name}-auth-config`,
    {
      backend: backend.path,
      kubernetesHost: args.host,
      ...reviewerInputs(args.reviewer),
      // The provider sends false when this is unset. The API server checks the issuer itself, so never set `issuer`.
      disableIssValidation: true,
    },
    { parent, ...args.existing.object(`auth/${args.mount}/config`) },
  );
  return { backend, config };
}

/**
 * Plain inputs instead of the provider's write-only ones: every write replaces the whole config, and the write-only
 * token is only sent when its version changes, so a change of the CA would silently wipe it.
 */
function reviewerInputs(reviewer: Reviewer | undefined) {
  if (!reviewer) return { disableLocalCaJwt: false };
  return { disableLocalCaJwt: true, kubernetesCaCert: reviewer.caPem, tokenReviewerJwt: reviewer.jwt };
}

/** What a role needs of the login it belongs to. */
interface Made {
  readonly name: string;
  readonly args: KubernetesLoginArgs;
  readonly path: pulumi.Output<string>;
  readonly opts: pulumi.CustomResourceOptions;
}

function decryptorRole({ name, args, path, opts }: Made, decryptor: Decryptor): AuthBackendRole {
  return new AuthBackendRole(
    // After the account and not the config's key: renaming the key must not make the role anew and then delete it.
    `${name}-role-${roleNameOf(decryptor)}`,
    {
      backend: path,
      roleName: roleNameOf(decryptor),
      boundServiceAccountNames: [decryptor.serviceAccount],
      boundServiceAccountNamespaces: [decryptor.namespace],
      audience: args.audience,
      ...decryptorToken(args),
    },
    opts,
  );
}

/** Exactly the guide's role. Flux 2.9 never asks for it; people and scripts that follow the guide do. */
function guideRole({ name, args, path, opts }: Made, guide: GuideRole): AuthBackendRole {
  return new AuthBackendRole(
    `${name}-role-of-guide`,
    {
      backend: path,
      roleName: GUIDE_ROLE,
      boundServiceAccountNames: ["source-controller", "kustomize-controller"],
      boundServiceAccountNamespaces: [guide.fluxNamespace],
      tokenPolicies: [guide.policy],
      tokenTtl: 24 * 3600,
    },
    { ...opts, ...args.existing.object(`auth/${args.mount}/role/${GUIDE_ROLE}`) },
  );
}

function recordOf(role: AuthBackendRole): pulumi.Output<RoleRecord> {
  return pulumi
    .output({
      name: role.roleName,
      backend: role.backend,
      serviceAccounts: role.boundServiceAccountNames,
      namespaces: role.boundServiceAccountNamespaces,
      audience: role.audience,
      ttl: role.tokenTtl,
      tokenType: role.tokenType,
      policies: role.tokenPolicies,
    })
    .apply(({ name, backend, serviceAccounts, namespaces, audience, ttl, tokenType, policies }) => ({
      name,
      auth: `auth/${backend ?? "kubernetes"}`,
      serviceAccounts: [...serviceAccounts].sort(),
      namespaces: [...(namespaces ?? [])].sort(),
      audience: audience || null,
      ttlSeconds: ttl ?? 0,
      tokenType: tokenType || "default",
      policies: [...(policies ?? [])].sort(),
    }));
}
