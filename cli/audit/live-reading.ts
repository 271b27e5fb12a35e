import type { Finding } from "./finding";

/** What somebody may do with a key, as the live systems have it. */
export interface LiveGrant {
  /** Who, as `ServiceAccount flux-system/kustomize-controller`, or the name of an identity in Azure. */
  readonly identity: string;
  /** `decrypt`, `encrypt`, `rewrap`, `rotate`, `delete`, `read`, `administer`. */
  readonly may: readonly string[];
  /** `transit/keys/sops`, or the URL of a key in Azure. */
  readonly key: string;
  /** From the identity to the key, as `auth/kubernetes/role/x`, `policy x`. */
  readonly by: readonly string[];
}

/** What was read of the live systems, beside the stack. */
export interface LiveReading {
  readonly findings: readonly Finding[];
  readonly grants?: readonly LiveGrant[];
  readonly skipped: readonly { readonly id: string; readonly why: string }[];
}
