import type { GoRegExp } from "./go-regexp";
import type { WantedKey } from "./wanted-key";

/** Settings that say what is encrypted. sops allows one of them a rule, and freezes it in each file. */
export const SELECTORS = [
  "unencrypted_suffix",
  "encrypted_suffix",
  "unencrypted_regex",
  "encrypted_regex",
  "unencrypted_comment_regex",
  "encrypted_comment_regex",
] as const;
export type Selector = (typeof SELECTORS)[number];

/** What sops does where no rule says anything. */
export const DEFAULT_SELECTOR = { name: "unencrypted_suffix", value: "_unencrypted" } as const;

/** One entry of `creation_rules`, as far as it bears on files that are there already. */
export interface CreationRule {
  /** Line in `.sops.yaml`, from 1. */
  readonly line: number;
  /** Absent where the rule is for every file. */
  readonly pathRegex?: GoRegExp;
  /** Never empty; one group where the rule has no `key_groups`. */
  readonly groups: readonly (readonly WantedKey[])[];
  /** Parts needed where there are several groups: the number of groups if the rule does not say. */
  readonly shamirThreshold: number;
  readonly selector: { readonly name: Selector; readonly value: string };
  readonly macOnlyEncrypted: boolean;
}

/** Something in `.sops.yaml` that sops refuses or, worse, silently ignores. */
export interface ConfigProblem {
  /** From 1. */
  readonly line: number;
  readonly message: string;
}
