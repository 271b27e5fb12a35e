import type { Recipient, RecipientKind } from "../sops-file/recipient";

/** What a key server answers about one key. */
export interface KeyState {
  /** Version that wraps from now on. */
  readonly current: string;
  /** Oldest version that the server still opens, where versions have an order and it tells. */
  readonly oldestUsable?: string;
  /** Older versions that the server still opens, oldest first, where it has to name them one by one and was asked. */
  readonly older?: readonly string[];
  /** Why nothing can be wrapped by the current version now: "has expired (2026-11-01T00:00Z)". */
  readonly unfit?: string;
}

/** A wrapped data key moved to the current version of its key. */
export interface Rewrapped {
  readonly wrapped: string;
  readonly version?: string;
  readonly createdAt?: string;
}

/** The outcome for one recipient; a refusal says why and how to mend it, in one line, without any secret. */
export type RewrapOutcome =
  | { readonly ok: true; readonly value: Rewrapped }
  | { readonly ok: false; readonly why: string };

/**
 * One kind of key server. Every method takes many at once and decides by itself how to batch, how many requests to have in flight, and
 * what to try again (429, 503, a lost connection). All throw CliError where the server as a whole cannot be used.
 */
export interface KeyBackend {
  readonly kind: RecipientKind;
  /** Answers for each distinct `recipient.key`; a key that cannot be read is told by the text of the reason. */
  currentVersions(recipients: readonly Recipient[]): Promise<ReadonlyMap<string, KeyState | string>>;
  /** How many versions lie between the file's and the current, where versions can be counted; else 1 if they differ, 0 if not. Negative for a version that is still to come. */
  versionsBehind(recipient: Recipient, state: KeyState): number;
  /** Why the version that wrapped it no longer opens, where the server tells; goes behind "version N of KEY; ". */
  whyClosed(recipient: Recipient, state: KeyState): string | undefined;
  /** What a rewrap would write, as far as that is known beforehand: the wrapped key differs and is as long. */
  expected(recipient: Recipient, state: KeyState): Rewrapped;
  /** Same length and order as asked. */
  rewrap(recipients: readonly Recipient[]): Promise<readonly RewrapOutcome[]>;
  /**
   * Whether each pair opens to the same data key, for identities that may decrypt; `undefined` where the server refuses to decrypt
   * for this identity, or where others prove it. Same length and order as asked. The data keys themselves never leave the method.
   */
  opensToSame(
    pairs: readonly { readonly before: Recipient; readonly after: string }[],
  ): Promise<readonly (boolean | undefined)[]>;
  /**
   * Closes versions of a key whose state was asked for; only of kinds that close each by itself. Undefined when all are closed, or why
   * one is not: those before it are.
   */
  disable?(key: string, versions: readonly string[]): Promise<string | undefined>;
  /** Ends connections. */
  close(): void;
}
