import type { InputFailure, PlainMap } from "../resource-type";
import type { Properties } from "./property";

/** What an update has to do: the inputs as they are to be, the state as it was, and the properties that differ. */
export interface Change {
  readonly inputs: PlainMap;
  readonly state: PlainMap;
  readonly changed: ReadonlySet<string>;
}

/** What a creation gave: the id, and outputs that only the write can tell. */
export interface Created {
  readonly id: string;
  readonly told?: PlainMap | undefined;
}

/** What every definition says of its type, whatever the server. */
export interface Description {
  readonly token: string;
  /** As in "the Vault policy has no property …". */
  readonly noun: string;
  readonly properties: Properties;
  /** The properties that say which thing on the server this is. None: the server makes up a number for each. */
  readonly identity: readonly string[];
  /** Properties that are `computed` only in the light of the other inputs. */
  computed?(name: string, inputs: PlainMap): boolean;
  /** Throws one line when a change is one that the server can never make. */
  guard?(inputs: PlainMap, state: PlainMap): void;
}

/** A resource type as a table of properties and its four conversations with the server. */
export interface Definition<Client> extends Description {
  /** What the table cannot say. The client is there once the provider is configured. */
  check?(
    inputs: PlainMap,
    client: Client | undefined,
  ): readonly InputFailure[] | Promise<readonly InputFailure[]>;
  create(client: Client, inputs: PlainMap): Promise<Created>;
  /**
   * Everything that the server tells of the resource. `known` is the state or, after a write, the inputs: for what the
   * server does not tell. `undefined` when there is no such thing.
   */
  read(client: Client, id: string, known: PlainMap | undefined): Promise<PlainMap | undefined>;
  /** The id that a read found, where an import may say another one of the same thing. */
  idIn?(told: PlainMap): string;
  /** Absent: every change replaces. Gives back outputs that only the write can tell. */
  update?(client: Client, id: string, change: Change): Promise<PlainMap | undefined>;
  delete(client: Client, id: string, state: PlainMap): Promise<void>;
}
