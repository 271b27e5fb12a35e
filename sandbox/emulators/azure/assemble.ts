import { RoleAccess } from "./arm/access";
import { Operations } from "./arm/operations";
import { Resources } from "./arm/resources";
import type { AzureOptions } from "./azure";
import { Clock } from "./clock";
import type { Core } from "./core";
import { Directory } from "./entra/directory";
import { Federation } from "./entra/federation";
import { SigningKeys } from "./entra/signing-keys";
import { Tokens } from "./entra/tokens";
import { DeadLetters } from "./eventgrid/dead-letters";
import { DeliveryHeaders } from "./eventgrid/delivery-headers";
import { Dispatcher } from "./eventgrid/dispatcher";
import { EventGrid } from "./eventgrid/event-grid";
import { Handshakes } from "./eventgrid/handshakes";
import { Journal } from "./eventgrid/journal";
import { Sender } from "./eventgrid/sender";
import { Webhooks } from "./eventgrid/webhooks";
import { Firewall } from "./firewall";
import { Keys } from "./keyvault/keys";
import { Lifetimes } from "./keyvault/lifetimes";
import { Retention } from "./keyvault/retention";
import { Secrets } from "./keyvault/secrets";
import { VaultEvents } from "./keyvault/vault-events";
import { Sites } from "./sites";
import { StorageService } from "./storage/storage-service";
import { Store } from "./store/store";

/** Event Grid waits so long for an answer. */
const WEBHOOK_MS = 30_000;

/** All parts of the emulator, hung together; nothing listens yet. */
export function assemble(options: AzureOptions): Core {
  const { folder, tenantId, issuers = [], webhookCa = [], webhookTimeoutMs = WEBHOOK_MS } = options;
  const { subscriptionId, clientAddress, retryAfter } = options;
  const store = new Store(folder);
  const clock = new Clock(store);
  const directory = new Directory(store, clock);
  const tokens = new Tokens(tenantId, new SigningKeys(store), clock, store.tables.switches);
  const resources = new Resources(store, clock);
  const access = new RoleAccess(store, clock, resources);
  const sites = new Sites(store, resources);
  const storage = new StorageService(
    folder,
    resources,
    access,
    tokens,
    new Firewall(resources, clientAddress),
  );
  const events = new EventGrid(store, clock, resources);
  const webhooks = new Webhooks(sites, webhookCa, webhookTimeoutMs);
  const headers = new DeliveryHeaders(tokens, directory);
  const handshakes = new Handshakes(clock, webhooks, headers);
  const deadLetters = new DeadLetters(clock, resources, access, directory, storage);
  const sender = new Sender(webhooks, headers);
  const journal = new Journal(store, clock);
  const vaultEvents = new VaultEvents(events);
  const keys = new Keys(store, clock, vaultEvents);
  const secrets = new Secrets(store, clock, vaultEvents);
  const retention = new Retention(store, keys, secrets);
  for (const work of [
    new Lifetimes(store, clock, resources, keys, secrets, vaultEvents),
    retention,
    handshakes,
    new Dispatcher(journal, clock, resources, events, sender, deadLetters),
  ])
    clock.add(work);
  return {
    settings: { subscriptionId, clientAddress, retryAfter },
    store,
    clock,
    directory,
    federation: new Federation([...issuers]),
    tokens,
    resources,
    operations: new Operations(),
    access,
    keys,
    secrets,
    retention,
    events,
    handshakes,
    sites,
    storage,
  };
}
