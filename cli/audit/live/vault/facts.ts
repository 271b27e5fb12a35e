type Fields = Readonly<Record<string, unknown>>;

/** A way to log in: a role, a user, a group, a certificate. */
export interface Login {
  /** Path in Vault, as `auth/kubernetes/role/sops`. */
  readonly path: string;
  readonly name: string;
  /** Type of the auth method, as `kubernetes`. */
  readonly type: string;
  readonly fields: Fields;
  /** What its tokens have, `default` included where they have that. Sorted. */
  readonly policies: readonly string[];
}

/** An auth method with its config. */
export interface AuthMethod {
  /** As `auth/kubernetes`. */
  readonly path: string;
  readonly type: string;
  /** Undefined where there is none, or it may not be read. */
  readonly config: Fields | undefined;
}

/** Somebody in Vault's own book of identities, or a group of them. */
export interface Identity {
  /** As `identity/entity/name/jane`. */
  readonly path: string;
  readonly policies: readonly string[];
}

/** Tokens of one kind. Never the tokens, nor their accessors. */
export interface TokenKind {
  /** As Vault shows them, `kubernetes-flux-system-kustomize-controller`. */
  readonly name: string;
  /** Where they were made, as `auth/token/create`. */
  readonly path: string;
  readonly policies: readonly string[];
  readonly count: number;
}

/** What Vault tells of itself. A part is undefined where it could not be looked at. */
export interface VaultFacts {
  readonly audit: Readonly<Record<string, unknown>> | undefined;
  readonly mounts: Readonly<Record<string, unknown>> | undefined;
  readonly keySettings: Fields | undefined;
  /** `null`: there is none. */
  readonly key: Fields | null | undefined;
  /** Texts of every policy, by name. */
  readonly policies: ReadonlyMap<string, string> | undefined;
  readonly methods: readonly AuthMethod[] | undefined;
  readonly logins: readonly Login[] | undefined;
  /** Auth methods some of whose logins could not be read. */
  readonly unseen: ReadonlySet<string>;
  readonly identities: readonly Identity[] | undefined;
  readonly tokens: readonly TokenKind[] | undefined;
}
