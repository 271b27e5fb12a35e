/** A rule of RBAC. */
export interface RbacRule {
  readonly apiGroups?: readonly string[];
  readonly resources?: readonly string[];
  readonly resourceNames?: readonly string[];
  readonly verbs: readonly string[];
}

export interface Subject {
  readonly kind: string;
  readonly name: string;
  readonly namespace?: string;
}

/** A role that is given to somebody. */
export interface Binding {
  /** As `clusterrolebinding/x`, or `team/rolebinding/x`. */
  readonly path: string;
  /** Where it counts; undefined: everywhere. */
  readonly namespace?: string;
  readonly roleName: string;
  readonly rules: readonly RbacRule[];
  readonly subjects: readonly Subject[];
}

/** A Kustomization that decrypts by sops. */
export interface DecryptingKustomization {
  readonly namespace: string;
  readonly name: string;
  readonly serviceAccount: string | undefined;
  /** Name of the Secret with keys. */
  readonly secret: string | undefined;
  readonly path: string;
  /** What it is applied from; undefined where that is no GitRepository, or none that is there. */
  readonly source: { readonly url: string; readonly branch: string } | undefined;
}

/** A service account. */
export interface Account {
  readonly namespace: string;
  readonly name: string;
}

/** A Secret with a token of an account that has no end. Never the token. */
export interface LastingToken {
  readonly secret: string;
  readonly account: Account;
}

/** What the cluster tells. A part is undefined where it could not be looked at. */
export interface ClusterFacts {
  /** Namespace that Flux runs in. */
  readonly fluxNamespace: string | undefined;
  readonly bindings: readonly Binding[] | undefined;
  readonly kustomizations: readonly DecryptingKustomization[] | undefined;
  readonly lastingTokens: readonly LastingToken[] | undefined;
}
