import * as pulumi from "@pulumi/pulumi";
import { AuthBackend } from "@pulumi/vault/jwt/authBackend";
import { AuthBackendRole } from "@pulumi/vault/jwt/authBackendRole";
import { authMethodInputs, authMethodOptions, decryptorToken } from "./auth-method";
import {
  type DecryptorLogin,
  type DecryptorLoginArgs,
  type RoleRecord,
  roleNameOf,
  subjectOf,
} from "./login";

/** Where Vault finds the keys that sign service account tokens. */
export type SigningKeys =
  | { readonly discovery: string; readonly caPem?: pulumi.Output<string> | undefined }
  | { readonly jwks: string; readonly caPem?: pulumi.Output<string> | undefined }
  | { readonly pem: readonly string[] };

export interface JwtLoginArgs extends DecryptorLoginArgs {
  readonly keys: SigningKeys;
  /** Issuer that tokens must carry; absent accepts any token that the keys verify. */
  readonly issuer?: string | undefined;
}

/**
 * Vault's JWT auth method against the cluster's own signing keys: Vault needs no way to the API server and no token of
 * a reviewer. The price: a deleted account's token stays good until it expires.
 */
export class JwtLogin extends pulumi.ComponentResource implements DecryptorLogin {
  public readonly loginPath: pulumi.Output<string>;
  public readonly roles: pulumi.Output<readonly RoleRecord[]>;

  constructor(name: string, args: JwtLoginArgs, opts?: pulumi.ComponentResourceOptions) {
    super("sopsloop:vault:JwtLogin", name, {}, opts);

    const path = args.shared === true ? pulumi.output(args.mount) : authMethod(this, name, args).path;
    const roles = Object.values(args.decryptors).map((decryptor) => {
      const role = new AuthBackendRole(
        // After the account and not the config's key: renaming the key must not make the role anew and then delete it.
        `${name}-role-${roleNameOf(decryptor)}`,
        {
          backend: path.apply((known) => known ?? args.mount),
          roleName: roleNameOf(decryptor),
          roleType: "jwt",
          userClaim: "sub",
          boundSubject: subjectOf(decryptor),
          boundAudiences: [args.audience],
          ...decryptorToken(args),
        },
        { parent: this },
      );
      return recordOf(role);
    });

    this.loginPath = pulumi.interpolate`auth/${path}/login`;
    this.roles = pulumi.all(roles);
    this.registerOutputs({ loginPath: this.loginPath, roles: this.roles });
  }
}

function authMethod(parent: pulumi.Resource, name: string, args: JwtLoginArgs): AuthBackend {
  return new AuthBackend(
    `${name}-auth`,
    {
      type: "jwt",
      ...authMethodInputs(args),
      ...keyInputs(args.keys),
      ...(args.issuer !== undefined && { boundIssuer: args.issuer }),
    },
    authMethodOptions(parent, args),
  );
}

function keyInputs(keys: SigningKeys) {
  if ("discovery" in keys) {
    return { oidcDiscoveryUrl: keys.discovery, ...(keys.caPem && { oidcDiscoveryCaPem: keys.caPem }) };
  }
  if ("jwks" in keys) return { jwksUrl: keys.jwks, ...(keys.caPem && { jwksCaPem: keys.caPem }) };
  return { jwtValidationPubkeys: [...keys.pem] };
}

function recordOf(role: AuthBackendRole): pulumi.Output<RoleRecord> {
  return pulumi
    .output({
      name: role.roleName,
      backend: role.backend,
      subject: role.boundSubject,
      audiences: role.boundAudiences,
      ttl: role.tokenTtl,
      tokenType: role.tokenType,
      policies: role.tokenPolicies,
    })
    .apply(({ name, backend, subject, audiences, ttl, tokenType, policies }) => {
      const [namespace, serviceAccount] = (subject ?? "").replace("system:serviceaccount:", "").split(":");
      return {
        name,
        auth: `auth/${backend ?? "jwt"}`,
        serviceAccounts: serviceAccount ? [serviceAccount] : [],
        namespaces: namespace ? [namespace] : [],
        audience: audiences?.[0] ?? null,
        ttlSeconds: ttl ?? 0,
        tokenType: tokenType || "default",
        policies: [...(policies ?? [])].sort(),
      };
    });
}
