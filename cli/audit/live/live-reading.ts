import type { Finding } from "../finding";

/** What may be done with a key. `administer`: change it, or grant oneself any right to it. */
export type Use = "encrypt" | "decrypt" | "rewrap" | "rotate" | "delete" | "read" | "administer";

/** What somebody may do with a key, as the live systems have it. */
export interface Grant {
  /** Who, as `ServiceAccount flux-system/kustomize-controller`. */
  readonly identity: string;
  /** Sorted. */
  readonly may: readonly Use[];
  /** `transit/keys/sops`, or the URL of a key in Azure. */
  readonly key: string;
  /** From the identity to the key, as `auth/kubernetes/role/x`, `policy x`. */
  readonly by: readonly string[];
}

/** A part that could not be looked at, so that nothing is known of it. */
export interface Skipped {
  /** Stable, kebab-case, as `vault-identities`. */
  readonly id: string;
  readonly why: string;
}

/** What is wrong in the live systems, and who may do what in them. */
export interface LiveReading {
  /** The worst first. */
  readonly findings: readonly Finding[];
  readonly grants: readonly Grant[];
  readonly skipped: readonly Skipped[];
}
