import * as pulumi from "@pulumi/pulumi";
import { AuthBackend } from "@pulumi/vault/jwt/authBackend";
import { AuthBackendRole } from "@pulumi/vault/jwt/authBackendRole";
import type { TakeOvers } from "./existing";

/** Which jobs may log in as one role. */
export interface PipelineRole {
  /** Name of Vault's role. */
  readonly role: string;
  /** Values of `pipeline_source`, such as `schedule`. */
  readonly sources: readonly string[];
  /** The one protected branch it is for; absent: any branch, for jobs that may only read about the key. */
  readonly branch?: string | undefined;
  /** Policy that the token gets. */
  readonly policy: pulumi.Input<string>;
}

export interface PipelineLoginArgs {
  /** Path of the auth method, without `auth/` and without slashes at the ends. */
  readonly mount: string;
  /** GitLab's URL, as it stands in its ID tokens. */
  readonly issuer: string;
  /** PEM text of the CA that signed GitLab's certificate; absent for a public one. */
  readonly caPem?: pulumi.Input<string> | undefined;
  /** Number of the deploy repository's project, as text. */
  readonly projectId: string;
  /** What ID tokens must be made for: Vault's normalised address. */
  readonly audience: string;
  /** Seconds that a token of Vault's lives. */
  readonly tokenTtl: number;
  readonly roles: readonly PipelineRole[];
  /** What of the login is there already. */
  readonly existing: TakeOvers;
}

/** A role for pipelines as auditors want to see it. */
export interface PipelineRoleRecord {
  readonly name: string;
  /** Auth method's path with `auth/`. */
  readonly auth: string;
  readonly projectId: string;
  /** `null`: every branch, protected or not. */
  readonly protectedBranch: string | null;
  readonly sources: readonly string[];
  readonly audience: string | null;
  readonly ttlSeconds: number;
  readonly policies: readonly string[];
}

/** Vault's JWT auth method against GitLab's signing keys: a job logs in by its ID token and keeps nothing. */
export class PipelineLogin extends pulumi.ComponentResource {
  /** In the order of the arguments. */
  public readonly roles: pulumi.Output<readonly PipelineRoleRecord[]>;

  constructor(name: string, args: PipelineLoginArgs, opts?: pulumi.ComponentResourceOptions) {
    super("sopsloop:vault:PipelineLogin", name, {}, opts);

    const backend = new AuthBackend(
      `${name}-auth`,
      {
        type: "jwt",
        path: args.mount,
        description: args.existing.mark,
        oidcDiscoveryUrl: args.issuer,
        boundIssuer: args.issuer,
        ...(args.caPem !== undefined && { oidcDiscoveryCaPem: args.caPem }),
      },
      {
        parent: this,
        // As with Flux's method: fixed when it is enabled.
        ignoreChanges: ["description"],
        replaceOnChanges: ["path"],
        ...args.existing.mounted("auth", args.mount),
      },
    );
    const roles = args.roles.map(
      (role) =>
        new AuthBackendRole(
          `${name}-role-${role.role}`,
          {
            backend: backend.path.apply((path) => path ?? args.mount),
            roleName: role.role,
            roleType: "jwt",
            // Not a person's name or address: those can change hands.
            userClaim: "project_id",
            // Which job it was, and whose, for Vault's audit log.
            claimMappings: NAMED_IN_LOG,
            boundAudiences: [args.audience],
            boundClaimsType: "string",
            boundClaims: claimsOf(role, args.projectId),
            tokenPolicies: [role.policy],
            tokenTtl: args.tokenTtl,
            tokenType: "batch",
            tokenNoDefaultPolicy: true,
          },
          { parent: this },
        ),
    );

    this.roles = pulumi.all(roles.map(recordOf));
    this.registerOutputs({ roles: this.roles });
  }
}

/** Claims of GitLab's ID tokens that go into a login's metadata, under the same names. */
const NAMED_IN_LOG = Object.fromEntries(
  ["pipeline_id", "job_id", "user_login", "ref"].map((claim) => [claim, claim]),
);

/** Each value as the provider takes lists: joined by commas. */
function claimsOf({ branch, sources }: PipelineRole, projectId: string): Record<string, string> {
  return {
    project_id: projectId,
    pipeline_source: sources.join(","),
    ref_type: "branch",
    ...(branch !== undefined && { ref: branch, ref_protected: "true" }),
  };
}

function recordOf(role: AuthBackendRole): pulumi.Output<PipelineRoleRecord> {
  return pulumi
    .output({
      name: role.roleName,
      backend: role.backend,
      claims: role.boundClaims,
      audiences: role.boundAudiences,
      ttl: role.tokenTtl,
      policies: role.tokenPolicies,
    })
    .apply(({ name, backend, claims = {}, audiences, ttl, policies }) => ({
      name,
      auth: `auth/${backend ?? "jwt"}`,
      projectId: claims.project_id ?? "",
      protectedBranch: claims.ref_protected === "true" ? (claims.ref ?? null) : null,
      sources: (claims.pipeline_source ?? "").split(","),
      audience: audiences?.[0] ?? null,
      ttlSeconds: ttl ?? 0,
      policies: [...(policies ?? [])].sort(),
    }));
}
