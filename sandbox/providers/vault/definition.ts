import type { InputFailure, PlainMap } from "../engine/resource-type";
import type { Change, Description } from "../engine/table/definition";
import type { VaultClient } from "./vault-client";

/** A resource type of Vault: its table, the id that its inputs give, and its four conversations with Vault. */
export interface Definition extends Description {
  /** What the table cannot say. */
  check?(inputs: PlainMap): readonly InputFailure[];
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
