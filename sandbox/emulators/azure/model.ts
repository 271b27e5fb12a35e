import type { DeliveryRecord, PendingEvent } from "./eventgrid/model";
import type { JsonObject } from "./json";
import type { Deletion, Key, Secret } from "./keyvault/model";

/** A client secret. The secret itself is told once; here is its SHA-256. */
export interface ClientSecret {
  readonly id: string;
  readonly digest: string;
  /** In ms of the emulator's clock. */
  readonly endsAt: number;
}

/** A trust in the tokens of somebody else's issuer. */
export interface FederatedCredential {
  readonly name: string;
  readonly issuer: string;
  readonly subject: string;
  readonly audience: string;
}

/** An application registration. */
export interface Application {
  readonly appId: string;
  readonly objectId: string;
  readonly displayName: string;
  readonly identifierUris: readonly string[];
  /** Of the tokens that are made for it: Entra's `requestedAccessTokenVersion`. */
  readonly tokenVersion: 1 | 2;
  /** Values of its app roles. */
  readonly roles: readonly string[];
  /** Object ids of the principals that own it. */
  readonly owners: readonly string[];
  secrets: ClientSecret[];
  federated: FederatedCredential[];
}

/** A service principal: of an application, or of a managed identity. */
export interface Principal {
  readonly id: string;
  readonly appId: string;
  readonly displayName: string;
  readonly kind: "Application" | "ManagedIdentity";
  /** ARM id of the identity, or of the resource whose own identity it is. */
  readonly resourceId?: string;
  /** Roles that it has at applications. */
  appRoles: { readonly appId: string; readonly role: string }[];
}

/** Anything that ARM keeps. */
export interface Resource {
  /** As it was first written; compared without regard to case. */
  readonly id: string;
  readonly type: string;
  readonly name: string;
  /** What a client sees besides id, name and type: location, tags, sku, kind, identity, properties. */
  body: JsonObject;
  /** What no client sees: account keys, the query of a webhook's URL. */
  hidden: JsonObject;
  readonly createdAt: string;
  readonly createdBy: string;
  changedAt: string;
  changedBy: string;
}

export interface DeletedVault extends Deletion {
  readonly resource: Resource;
}

/** Misbehaviour that tests can ask for. */
export interface Switches {
  /** How often every delivery is made. @default 1 */
  copies: number;
  /** Deliveries under way at the same time. @default 8 */
  parallel: number;
  /** Due events in random order. */
  shuffle: boolean;
  /** Nothing is delivered, and nobody is told. */
  drop: boolean;
  /** Events wait, as Event Grid delays deliveries; what is due by then goes out once it is off again. */
  hold: boolean;
  /** Seconds until a role assignment is known to the data planes. Azure takes minutes. @default 0 */
  roleAssignmentDelay: number;
  /**
   * Access tokens end by the machine's clock instead of the emulator's: clients that run on keep theirs when the clock is
   * moved. @default false
   */
  tokensOnMachineClock: boolean;
}

/** Where a web app's host name leads. */
export interface SiteAddress {
  /** The site's name: `<name>.azurewebsites.net`. */
  readonly site: string;
  /** `http://127.0.0.1:7071`. */
  readonly address: string;
  /** File with the certificate authority of an `https` address. */
  readonly ca?: string;
}

/** Everything that the emulator remembers. */
export interface Tables {
  applications: Application[];
  principals: Principal[];
  resources: Resource[];
  deletedVaults: DeletedVault[];
  keys: Key[];
  secrets: Secret[];
  pendingEvents: PendingEvent[];
  deliveries: DeliveryRecord[];
  sites: SiteAddress[];
  /** PEMs of the keys that sign tokens, the newest last. */
  signingKeys: string[];
  /** ARM ids of identities that the machine's own metadata endpoint gives tokens for. */
  machineIdentities: string[];
  switches: Switches;
  /** How far the clock is ahead, in ms. */
  clockOffset: number;
  /** For backups of keys: 32 bytes in base64. */
  backupKey: string;
}
