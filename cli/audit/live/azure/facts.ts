import type { Assignment, Fields } from "../../../verify/azure/azure-look";
import type { DeclaredAzureIdentity, DeclaredAzureKey } from "../../../verify/declared-azure";

/** A declared key as Azure has it. `null`: there is none; undefined: it could not be looked at. */
export interface KeyFacts {
  readonly declared: DeclaredAzureKey;
  /** ARM id of the vault; undefined where there is none. */
  readonly vaultId: string | undefined;
  /** Properties of the vault. */
  readonly vault: Fields | null | undefined;
  /** Properties of the key. */
  readonly key: Fields | null | undefined;
  readonly assignments: readonly Assignment[] | undefined;
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
  /** `null`: there is none; undefined: it could not be looked at. */
  readonly principal: string | null | undefined;
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

/** What Azure tells. */
export interface AzureFacts {
  /** Object id of who looks. */
  readonly self: string | undefined;
  readonly keys: readonly KeyFacts[];
  readonly identities: readonly IdentityFacts[];
  /** Undefined where they could not be looked at. */
  readonly events: readonly EventFacts[] | undefined;
}
