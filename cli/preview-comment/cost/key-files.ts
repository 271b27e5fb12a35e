import type { EncryptedFile } from "../../tree/tree";
import type { Opens } from "./key-names";

/** The encrypted files of a checkout of the deploy repository. */
export interface DeployFiles {
  readonly encrypted: readonly EncryptedFile[];
  /** Files that may name any key, for all that can be read of them. */
  readonly unreadable: number;
}

/** Files that a key is needed for. */
export interface KeyFiles {
  readonly encrypted: number;
  /** Files that name it. */
  readonly named: number;
  /** Paths of those that open by no other key. */
  readonly lost: readonly string[];
  readonly unreadable: number;
}

/** @param gone whether a recipient opens nothing any more, by this key or any other that goes with the same change. */
export function keyFiles({ encrypted, unreadable }: DeployFiles, opens: Opens, gone: Opens): KeyFiles {
  const naming = encrypted.filter(({ recipients }) => recipients.some(opens));
  const lost = naming.filter((file) => !opensWithout(file, gone)).map(({ path }) => path);
  return { encrypted: encrypted.length, named: naming.length, lost, unreadable };
}

/** sops needs one key of each of as many groups as the threshold says; of all of them where it says nothing. */
function opensWithout({ recipients, shamirThreshold }: EncryptedFile, gone: Opens): boolean {
  const groups = new Map<number, boolean>();
  for (const recipient of recipients)
    groups.set(recipient.group, groups.get(recipient.group) === true || !gone(recipient));
  const open = [...groups.values()].filter((isOpen) => isOpen).length;
  return open >= (shamirThreshold ?? groups.size);
}
