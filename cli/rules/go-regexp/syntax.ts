/** A test of one character (a code point). */
export type CharacterTest = (codePoint: number) => boolean;

/** What a Go regular expression is made of, once its flags are worked in. */
export type Node =
  | { readonly type: "character"; readonly matches: CharacterTest }
  /** A place between two characters; either side is -1 at the text's ends. */
  | { readonly type: "place"; readonly holds: (before: number, after: number) => boolean }
  | { readonly type: "sequence"; readonly parts: readonly Node[] }
  | { readonly type: "choice"; readonly parts: readonly Node[] }
  | { readonly type: "repeat"; readonly of: Node; readonly least: number; readonly most: number };

/** Flags of `(?ims)`. `U` only says which of several matches is preferred, and here any will do. */
export interface Flags {
  readonly ignoreCase: boolean;
  readonly multiLine: boolean;
  readonly dotAll: boolean;
}

/** A regular expression that Go, and so sops, refuses; or, rarely, one that cannot be judged here. */
export class GoRegExpError extends Error {}
