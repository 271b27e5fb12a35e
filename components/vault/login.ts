import type * as pulumi from "@pulumi/pulumi";
import type { TakeOvers } from "./existing";

/** A service account that may decrypt. */
export interface Decryptor {
  readonly namespace: string;
  readonly serviceAccount: string;
}

/** What every way of logging in needs: who, for which server, how long, with which policy. */
export interface DecryptorLoginArgs {
  /** Path of the auth method, without `auth/` and without slashes at the ends. */
  readonly mount: string;
  /** Service accounts by a key of the caller's choice. */
  readonly decryptors: Readonly<Record<string, Decryptor>>;
  /** Vault's normalised address: Flux asks for tokens with exactly this audience. */
  readonly audience: string;
  /** Name of the policy that a decryptor's token gets. */
  readonly policy: pulumi.Input<string>;
  /** What of the login is there already. */
  readonly existing: TakeOvers;
  /** Seconds that a token lives. */
  readonly tokenTtl: number;
  /** Whether the auth method is another stack's: then only the roles are made here. */
  readonly shared?: boolean | undefined;
}

/** A Vault role as auditors want to see it, whatever the auth method. */
export interface RoleRecord {
  readonly name: string;
  /** Auth method's path with `auth/`, such as `auth/kubernetes`. */
  readonly auth: string;
  readonly serviceAccounts: readonly string[];
  readonly namespaces: readonly string[];
  /** `null`: any audience that the API server itself accepts. */
  readonly audience: string | null;
  readonly ttlSeconds: number;
  readonly tokenType: string;
  readonly policies: readonly string[];
}

/** What the rest of the program knows of a login, whichever method it uses. */
export interface DecryptorLogin extends pulumi.Resource {
  /** Path to post a token to, such as `auth/kubernetes/login`. */
  readonly loginPath: pulumi.Output<string>;
  readonly roles: pulumi.Output<readonly RoleRecord[]>;
}

/**
 * The role Flux asks for. It derives the name from the service account and offers no setting for it, so a role of any
 * other name is never used.
 */
export function roleNameOf({ namespace, serviceAccount }: Decryptor): string {
  return `${namespace}_${serviceAccount}`;
}

/** Subject of a service account's tokens. */
export function subjectOf({ namespace, serviceAccount }: Decryptor): string {
  return `system:serviceaccount:${namespace}:${serviceAccount}`;
}
