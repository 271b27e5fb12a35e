import type { Span } from "./recipient";

/** One value of a file's metadata, where it stands. Every format is read into a list of these. */
export interface Leaf {
  /** Keys and positions from the top of the metadata, joined by dots: `hc_vault.0.enc`, `key_groups.1.age.0.recipient`, `mac`. */
  readonly path: string;
  readonly value: string;
  /** The stretch that `source` would replace. */
  readonly span: Span;
  /** How another value is written in this one's place. Throws a CliError where this layout has no way to. */
  readonly source: (value: string) => string;
}

/** The metadata of a file: one list, or one a document, since sops writes it into each document of a YAML file. */
export type Copies = readonly (readonly Leaf[])[];

/** A value that stands as it is, without quotes or escapes. */
export function asIs(value: string): string {
  return value;
}
