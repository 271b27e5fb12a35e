import type { DeclaredAzureIdentity, DeclaredAzureKey } from "../declared-loop";

export type Fields = Readonly<Record<string, unknown>>;

/** What somebody may do with a key, by one role at one scope. */
export interface KeyAssignment {
  /** ARM id of the assignment. */
  readonly id: string;
  /** Object id of whoever has it. */
  readonly principal: string;
  /** `User`, `Group`, `ServicePrincipal`. */
  readonly kind: string;
  readonly role: string;
  /** ARM id of what it is for: the key, its vault, or something around them. */
  readonly scope: string;
  /** Operations of the key's, as `decrypt`. */
  readonly may: readonly string[];
}

/** A declared key as Azure has it. */
export interface KeyFacts {
  readonly declared: DeclaredAzureKey;
  /** ARM id of the vault; undefined where there is none of the name. */
  readonly vaultId: string | undefined;
  readonly vault: Fields;
  /** Properties of the key; `null`: there is none. Undefined where it could not be looked at. */
  readonly key: Fields | null | undefined;
  readonly assignments: readonly KeyAssignment[] | undefined;
  /** Whether somebody is told of every use. */
  readonly isLogged: boolean | undefined;
}

/** Whose tokens an identity trusts. */
export interface Trust {
  readonly name: string;
  readonly issuer: string;
  readonly subject: string;
  readonly audiences: readonly string[];
}

/** A declared identity as Azure has it. */
export interface IdentityFacts {
  readonly declared: DeclaredAzureIdentity;
  /** Undefined where there is none. */
  readonly principal: string | undefined;
  readonly trusts: readonly Trust[] | undefined;
}

/** A subscription to the events of a vault. */
export interface EventFacts {
  /** ARM id. */
  readonly id: string;
  readonly isDeclared: boolean;
  /** Its properties; undefined where it is declared and not there. */
  readonly properties: Fields | undefined;
}

/** What Azure tells. A part is undefined where it could not be looked at. */
export interface AzureFacts {
  /** Object id of who looks. */
  readonly self: string | undefined;
  readonly keys: readonly KeyFacts[] | undefined;
  readonly identities: readonly IdentityFacts[] | undefined;
  readonly events: readonly EventFacts[] | undefined;
}
