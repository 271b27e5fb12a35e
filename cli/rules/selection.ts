import type { CreationRule } from "./creation-rule";
import { GoRegExp } from "./go-regexp";

/** What the selector of a rule, or of a file, makes of the values of a file. */
export interface Selection {
  /** Whether values are encrypted where no key says anything. */
  readonly atTop: boolean;
  /** Whether values under a key are encrypted, given whether they were above it. */
  under(key: string, above: boolean): boolean;
  /** Whether this comment has the value beside it encrypted. */
  byComment(comment: string): boolean;
}

type NamedSelector = CreationRule["selector"];

const known = new Map<string, Selection>();

/** Each is made once: trees have few selectors and many files. */
export function selectionOf(selector: NamedSelector): Selection {
  const id = `${selector.name}=${selector.value}`;
  const found = known.get(id) ?? makeSelection(selector);
  known.set(id, found);
  return found;
}

function makeSelection({ name, value }: NamedSelector): Selection {
  const byComment = () => false;
  const regex = name.endsWith("_regex") ? GoRegExp.orNothing(value) : undefined;
  const matches = regex ? (key: string) => regex.test(key) : (key: string) => key.endsWith(value);
  switch (name) {
    case "encrypted_suffix":
    case "encrypted_regex":
      return { atTop: false, under: (key, above) => above || matches(key), byComment };
    case "unencrypted_suffix":
    case "unencrypted_regex":
      return { atTop: true, under: (key, above) => above && !matches(key), byComment };
    case "encrypted_comment_regex":
      return { atTop: false, under: (_, above) => above, byComment: matches };
    case "unencrypted_comment_regex":
      return { atTop: true, under: (_, above) => above, byComment };
  }
}
