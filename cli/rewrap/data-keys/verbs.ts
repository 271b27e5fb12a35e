import type { RecipientKind } from "../../sops-file/recipient";

/** A command of sops that works on one file. */
export type Verb = "updatekeys" | "rotate";

/**
 * What makes a new data key and wraps it by the current version. `rotate` alone keeps the version of azure_kv that the file names,
 * and the recipients of age and pgp that the rules no longer have: these need `updatekeys` first. For all others `updatekeys` finds
 * nothing to do, and `rotate` wraps by the current version of its own accord.
 */
export const DATA_KEY_VERBS: Readonly<Record<RecipientKind, readonly Verb[]>> = {
  hc_vault: ["rotate"],
  azure_kv: ["updatekeys", "rotate"],
  kms: ["rotate"],
  gcp_kms: ["rotate"],
  hckms: ["rotate"],
  age: ["updatekeys", "rotate"],
  pgp: ["updatekeys", "rotate"],
};

/** For a file with recipients of several kinds: whatever any of them needs. */
export function verbsFor(kinds: Iterable<RecipientKind>): readonly Verb[] {
  const needed = new Set([...kinds].flatMap((kind) => DATA_KEY_VERBS[kind]));
  return needed.has("updatekeys") ? ["updatekeys", "rotate"] : ["rotate"];
}
