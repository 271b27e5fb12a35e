import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { WebSiteManagementClient } from "@azure/arm-appservice";
import { BlobServiceClient } from "@azure/storage-blob";
import {
  assign,
  FAST,
  GROUP,
  judges,
  keyClient,
  LOCATION,
  ROLE,
  vaultForAll,
} from "../../../emulators/azure/support/judges";
import { type TestAzure, testAzure } from "../../../emulators/azure/support/test-azure";

export const VAULT = "loop-kv";
export const KEY = "sops";
export const SUBSCRIPTION = "sops-key-rotated";
const TOPIC = "loop-topic";
const SITE = "loop-relay";
const ACCOUNT = "sopsloopdead";
const CONTAINER = "dead-letters";

/** A blob of events that Event Grid has given up. */
export interface DeadLetterBlob {
  /** Name in the container. */
  readonly name: string;
  readonly text: string;
}

/**
 * The emulator of Azure with a vault, a key in it, and the event subscription that tells a relay of new versions, with a container for dead
 * letters: what the program declares, made by Azure's own clients. The clock is its own.
 */
export class RotatedKey {
  private constructor(
    readonly azure: TestAzure,
    /** ARM id. */
    readonly vaultId: string,
  ) {}

  static async create(): Promise<RotatedKey> {
    const azure = await testAzure();
    try {
      const key = new RotatedKey(azure, await vaultForAll(azure, VAULT));
      // Before anybody listens, so that its first version is none of the loop's concern.
      await keyClient(azure, VAULT).createRsaKey(KEY);
      const { webApps } = new WebSiteManagementClient(
        azure.credential(),
        azure.subscriptionId,
        azure.options,
      );
      await webApps.beginCreateOrUpdateAndWait(GROUP, SITE, {
        location: LOCATION,
        kind: "functionapp,linux",
      });
      return key;
    } catch (error) {
      await azure.close();
      throw error;
    }
  }

  /** Where `https://loop-relay.azurewebsites.net` leads from now on. */
  leadTo(address: string): void {
    this.azure.core.sites.register({ site: SITE, address });
  }

  /** Subscribes the relay, which has to answer the handshake. Every delivery shows the secret. */
  async subscribe(header: string, secret: string): Promise<void> {
    const { eventgrid, storage } = judges(this.azure);
    const topic = await eventgrid.systemTopics.beginCreateOrUpdateAndWait(
      GROUP,
      TOPIC,
      {
        location: LOCATION,
        source: this.vaultId,
        topicType: "Microsoft.KeyVault.vaults",
        identity: { type: "SystemAssigned" },
      },
      FAST,
    );
    const parameters = {
      location: LOCATION,
      sku: { name: "Standard_LRS" },
      kind: "StorageV2",
      allowSharedKeyAccess: false,
    };
    const account = await storage.storageAccounts.beginCreateAndWait(GROUP, ACCOUNT, parameters, FAST);
    await storage.blobContainers.create(GROUP, ACCOUNT, CONTAINER, {});
    const scope = `${account.id}/blobServices/default/containers/${CONTAINER}`;
    for (const principal of [topic.identity?.principalId ?? "", this.azure.deployer.objectId])
      await assign(this.azure, principal, ROLE.blobContributor, scope);
    await eventgrid.systemTopicEventSubscriptions.beginCreateOrUpdateAndWait(
      GROUP,
      TOPIC,
      SUBSCRIPTION,
      {
        destination: {
          endpointType: "WebHook",
          endpointUrl: `https://${SITE}.azurewebsites.net/events`,
          maxEventsPerBatch: 1,
          deliveryAttributeMappings: [{ type: "Static", name: header, value: secret, isSecret: true }],
        },
        filter: {
          includedEventTypes: ["Microsoft.KeyVault.KeyNewVersionCreated"],
          subjectBeginsWith: KEY,
          subjectEndsWith: KEY,
        },
        retryPolicy: { maxDeliveryAttempts: 30, eventTimeToLiveInMinutes: 1440 },
        deadLetterWithResourceIdentity: {
          identity: { type: "SystemAssigned" },
          deadLetterDestination: {
            endpointType: "StorageBlob",
            resourceId: account.id ?? "",
            blobContainerName: CONTAINER,
          },
        },
      },
      FAST,
    );
  }

  /** Rotates the key by its data plane. Resolves with the new version; its event is on its way then. */
  async rotate(): Promise<string> {
    const { properties } = await keyClient(this.azure, VAULT).rotateKey(KEY);
    return properties.version ?? "";
  }

  /** Has the key rotate by itself, once it is so old. @param age an ISO 8601 duration such as `P30D`; none for never */
  async rotateAfter(age?: string): Promise<void> {
    await keyClient(this.azure, VAULT).updateKeyRotationPolicy(KEY, {
      lifetimeActions: age === undefined ? [] : [{ action: "Rotate", timeAfterCreate: age }],
    });
  }

  /** All its versions, oldest first. */
  async versions(): Promise<string[]> {
    const found: { version: string; at: number }[] = [];
    for await (const { version = "", createdOn } of keyClient(this.azure, VAULT).listPropertiesOfKeyVersions(
      KEY,
    ))
      found.push({ version, at: createdOn?.getTime() ?? 0 });
    return found.sort((one, other) => one.at - other.at).map(({ version }) => version);
  }

  /** Moves the clock, and does everything that falls due on the way. @param ms 0 for what is due now */
  advance(ms: number): Promise<void> {
    return this.azure.core.clock.advance(ms);
  }

  /** How events are delivered from now on; all as usual where nothing is said. */
  deliver(switches: Partial<TestAzure["core"]["store"]["tables"]["switches"]> = {}): void {
    const usual = { copies: 1, parallel: 8, shuffle: false, drop: false, hold: false };
    Object.assign(this.azure.core.store.tables.switches, { ...usual, ...switches });
  }

  /** What became of every attempt since the last time that this was asked, in Event Grid's words. */
  outcomes(): string[] {
    return this.azure.core.store.tables.deliveries.splice(0).map(({ outcome }) => outcome);
  }

  /** How many events are on their way. */
  get pending(): number {
    return this.azure.core.store.tables.pendingEvents.length;
  }

  async deadLetters(): Promise<DeadLetterBlob[]> {
    const { azure } = this;
    const url = `https://${ACCOUNT}.blob.core.windows.net`;
    const client = new BlobServiceClient(url, azure.credential(), azure.storageOptions);
    const container = client.getContainerClient(CONTAINER);
    const found: DeadLetterBlob[] = [];
    for await (const { name } of container.listBlobsFlat()) {
      const text = (await container.getBlobClient(name).downloadToBuffer()).toString();
      found.push({ name, text });
    }
    return found;
  }

  /** Lays the blobs into a folder, as `az storage blob download-batch` does. */
  async downloadDeadLetters(folder: string): Promise<void> {
    for (const { name, text } of await this.deadLetters()) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), text);
    }
  }

  close(): Promise<void> {
    return this.azure.close();
  }
}
