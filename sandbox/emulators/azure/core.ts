import type { RoleAccess } from "./arm/access";
import type { Operations } from "./arm/operations";
import type { Resources } from "./arm/resources";
import type { Clock } from "./clock";
import type { Directory } from "./entra/directory";
import type { Federation } from "./entra/federation";
import type { Tokens } from "./entra/tokens";
import type { EventGrid } from "./eventgrid/event-grid";
import type { Handshakes } from "./eventgrid/handshakes";
import type { Keys } from "./keyvault/keys";
import type { Retention } from "./keyvault/retention";
import type { Secrets } from "./keyvault/secrets";
import type { Sites } from "./sites";
import type { StorageService } from "./storage/storage-service";
import type { Store } from "./store/store";

/** What does not change while the emulator runs. */
export interface Settings {
  readonly subscriptionId: string;
  /** What firewalls see the clients come from. */
  readonly clientAddress: string;
  /** What slow operations tell clients to wait between two questions, in seconds. */
  readonly retryAfter: number;
}

/** The parts that every service has to do with. */
export interface Core {
  readonly settings: Settings;
  readonly store: Store;
  readonly clock: Clock;
  readonly directory: Directory;
  readonly federation: Federation;
  readonly tokens: Tokens;
  readonly resources: Resources;
  readonly operations: Operations;
  readonly access: RoleAccess;
  readonly keys: Keys;
  readonly secrets: Secrets;
  readonly retention: Retention;
  readonly events: EventGrid;
  readonly handshakes: Handshakes;
  readonly sites: Sites;
  readonly storage: StorageService;
}
