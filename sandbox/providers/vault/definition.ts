import type { InputFailure, PlainMap } from "../engine/resource-type";
import type { Properties } from "./property";
import type { VaultClient } from "./vault-client";

/** What an update has to do: the inputs as they are to be, the state as it was, and the properties that differ. */
export interface Change {
  readonly inputs: PlainMap;
  readonly state: PlainMap;
  readonly changed: ReadonlySet<string>;
}

/** A resource type as a table of properties and its four conversations with Vault. */
export interface Definition {
  readonly token: string;
  /** As in "the Vault policy has no property …". */
  readonly noun: string;
  readonly properties: Properties;
  /** The properties that say which thing in Vault this is. */
  readonly identity: readonly string[];
  /** What the table cannot say. */
  check?(inputs: PlainMap): readonly InputFailure[];
  /** Properties that are `computed` only in the light of the other inputs. */
  computed?(name: string, inputs: PlainMap): boolean;
  /** Throws one line when a change is one that Vault can never make. */
  guard?(inputs: PlainMap, state: PlainMap): void;
  idOf(inputs: PlainMap): string;
  create(vault: VaultClient, id: string, inputs: PlainMap): Promise<PlainMap | undefined>;
  /**
   * Everything that Vault tells of the resource. `known` is the state or, after a write, the inputs: for what Vault does not
   * tell. `undefined` when there is no such thing.
   */
  read(vault: VaultClient, id: string, known: PlainMap | undefined): Promise<PlainMap | undefined>;
  /** Absent: every change replaces. Gives back outputs that only the write can tell. */
  update?(vault: VaultClient, id: string, change: Change): Promise<PlainMap | undefined>;
  delete(vault: VaultClient, id: string, state: PlainMap): Promise<void>;
}
