import type { Core } from "../core";
import type { Caller } from "../entra/tokens";
import type { Json, JsonObject } from "../json";
import type { Resource } from "../model";
import type { ResourceId } from "./resource-id";
import type { NewContent } from "./resources";

/** One request, after all that is the same for every type was looked at. */
export interface Ask {
  readonly core: Core;
  readonly caller: Caller;
  readonly id: ResourceId;
  readonly apiVersion: string;
  readonly body: JsonObject;
  readonly query: (name: string) => string | undefined;
}

export interface WriteAsk extends Ask {
  /** What is there so far. */
  readonly existing: Resource | undefined;
}

export interface Reply {
  readonly status: number;
  readonly body?: Json;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What makes sure that a body says nothing that Azure's own model does not know. */
export interface BodyModel {
  /** Throws an ArmRefusal. @returns the body with the model's defaults */
  check(body: JsonObject, type: string): Promise<JsonObject>;
}

export interface Action {
  readonly does: (ask: Ask) => Promise<Reply> | Reply;
  /** What a role has to allow. @default `<type>/<name>/action` */
  readonly right?: string;
}

/**
 * A type of resources. What is not said is done alike for all: ids, API versions, rights, parents, locations, managed
 * identities, the place in the store.
 */
export interface ResourceType {
  /** `Microsoft.KeyVault/vaults`. */
  readonly name: string;
  readonly apiVersions: readonly string[];
  /** How the actions of roles begin. @default the type's name */
  readonly rights?: string;
  /** Has a location of its own. */
  readonly tracked?: boolean;
  readonly model?: BodyModel;
  /** The body of a PATCH as it would lie in a whole one. @default as it is */
  readonly patched?: (body: JsonObject) => JsonObject;
  /** What is kept of a body that the model lets through. Throws an ArmRefusal. @default the body */
  readonly prepare?: (ask: WriteAsk) => Promise<NewContent> | NewContent;
  /** What has to happen after a write. With `slow`, it goes on after the answer. */
  readonly settle?: (ask: WriteAsk, resource: Resource) => Promise<void> | void;
  /** How the answer to a write says that it is not over. @default it is over */
  readonly slow?: "Azure-AsyncOperation" | "Location";
  /** A deletion goes on after its answer. @default false */
  readonly slowDeletion?: boolean;
  /** Status of the answer to a PUT. @default 201 for what is new, 200 for what was there */
  readonly status?: 200 | 201;
  /** What a client sees. @default the body */
  readonly show?: (core: Core, resource: Resource) => JsonObject;
  /** Looks after what must not stay behind, or refuses. Also when the group around it is deleted. */
  readonly remove?: (core: Core, resource: Resource) => void;
  /** Instead of the store, for what is kept elsewhere. */
  readonly elsewhere?: {
    readonly get: (core: Core, id: ResourceId) => JsonObject | undefined;
    readonly put?: (ask: Ask) => Promise<JsonObject> | JsonObject;
    readonly list?: (core: Core, scope: string) => readonly JsonObject[];
  };
  /** `POST <id>/<name>`. */
  readonly actions?: Readonly<Record<string, Action>>;
  /** What is there in any scope though nobody made it: built-in roles. */
  readonly given?: (core: Core) => readonly JsonObject[];
  /** What a list in a scope has. @default what lies in the scope; for types within another one, directly in it */
  readonly found?: (core: Core, scope: string) => readonly Resource[];
  /** The parent is there though nobody made it, as `blobServices/default`. */
  readonly implicitParent?: boolean;
  /** `$filter` of lists. @default it changes nothing */
  readonly filter?: (all: readonly JsonObject[], filter: string, scope: string) => JsonObject[];
}
