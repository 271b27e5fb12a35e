import { SystemTopic } from "@pulumi/azure-native/eventgrid/systemTopic";
import { SystemTopicEventSubscription } from "@pulumi/azure-native/eventgrid/systemTopicEventSubscription";
import * as pulumi from "@pulumi/pulumi";
import type { AzureVault } from "./azure-vault";
import { DELIVERY_HEADER, DELIVERY_PARAMETER } from "./delivery-secret";
import type { AzurePlace } from "./place";
import type { DeliveryProof } from "./relay-settings";
import type { RelayStorage } from "./relay-storage";
import { roleAssignment, roleId } from "./role-assignment";

/** A vault whose keys rotate. */
export interface WatchedVault {
  readonly vault: AzureVault;
  /** The vault's own region: its topic has to be there too. */
  readonly place: AzurePlace;
}

export interface RotationEventsArgs {
  readonly subscriptionId: string;
  /** First part of the topics' names. */
  readonly prefix: string;
  /** Name of each topic's one subscription, which the relay is told too. */
  readonly subscription: string;
  /** By the vaults' keys in the config. */
  readonly vaults: Readonly<Record<string, WatchedVault>>;
  /** Name of the key, the same in each vault. */
  readonly key: string;
  /** Where the relay takes events, an https URL; known only once it answers, since Azure calls it before it makes a subscription. */
  readonly endpointUrl: pulumi.Input<string>;
  readonly proof: DeliveryProof;
  readonly storage: RelayStorage;
}

/** Built-in role "Storage Blob Data Contributor". */
const BLOB_CONTRIBUTOR = "ba92f5b4-2d11-453d-a403-e96b0029c9fe";

/** Azure's own limits: a day, and thirty tries in it. */
const RETRIES = { maxDeliveryAttempts: 30, eventTimeToLiveInMinutes: 1440 } as const;

/** Tells the relay of each new version of the key, and keeps what could not be told. */
export class RotationEvents extends pulumi.ComponentResource {
  /** ARM ids of the subscriptions, in the order of the vaults. */
  public readonly subscriptionIds: pulumi.Output<readonly string[]>;

  constructor(name: string, args: RotationEventsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("sopsloop:azure:RotationEvents", name, {}, opts);

    const ids = Object.entries(args.vaults).map(([key, { vault, place }]) => {
      // Azure has one topic for a vault, whoever makes it.
      const topic = new SystemTopic(
        `${name}-topic-${key}`,
        {
          ...place,
          systemTopicName: `${args.prefix}-${key}`,
          source: vault.vaultId,
          topicType: "Microsoft.KeyVault.vaults",
          identity: { type: "SystemAssigned" },
        },
        { parent: this },
      );
      const grant = roleAssignment(this, `${name}-may-keep-${key}`, {
        principalId: topic.identity.apply((identity) => identity?.principalId ?? ""),
        roleDefinitionId: roleId(args.subscriptionId, BLOB_CONTRIBUTOR),
        scope: args.storage.deadLettersId,
      });
      const subscription = new SystemTopicEventSubscription(
        `${name}-subscription-${key}`,
        {
          resourceGroupName: place.resourceGroupName,
          systemTopicName: topic.name,
          eventSubscriptionName: args.subscription,
          ...subscriptionOf(args),
        },
        // The address may hold the secret, whatever Azure's answers say of it.
        { parent: this, dependsOn: grant, additionalSecretOutputs: ["destination"] },
      );
      return subscription.id;
    });

    this.subscriptionIds = pulumi.all(ids);
    this.registerOutputs({ subscriptionIds: this.subscriptionIds });
  }
}

function subscriptionOf({ key, endpointUrl, proof, storage }: RotationEventsArgs) {
  return {
    eventDeliverySchema: "EventGridSchema",
    destination: {
      endpointType: "WebHook" as const,
      endpointUrl: addressOf(endpointUrl, proof),
      minimumTlsVersionAllowed: "1.2",
      maxEventsPerBatch: 1,
      ...proofOf(proof),
    },
    filter: {
      includedEventTypes: ["Microsoft.KeyVault.KeyNewVersionCreated"],
      subjectBeginsWith: key,
      subjectEndsWith: key,
      // The two above would also let sops-old-sops through.
      advancedFilters: [{ operatorType: "StringIn" as const, key: "subject", values: [key] }],
    },
    retryPolicy: RETRIES,
    deadLetterWithResourceIdentity: {
      identity: { type: "SystemAssigned" },
      deadLetterDestination: {
        endpointType: "StorageBlob" as const,
        resourceId: storage.accountId,
        blobContainerName: storage.deadLetters,
      },
    },
  };
}

function addressOf(url: pulumi.Input<string>, proof: DeliveryProof): pulumi.Input<string> {
  if ("application" in proof || proof.secretIn === "header") return url;
  return pulumi.secret(pulumi.interpolate`${url}?${DELIVERY_PARAMETER}=${proof.secret}`);
}

function proofOf(proof: DeliveryProof) {
  if ("application" in proof)
    return {
      azureActiveDirectoryTenantId: proof.tenantId,
      azureActiveDirectoryApplicationIdOrUri: proof.application,
    };
  if (proof.secretIn === "address") return {};
  return {
    deliveryAttributeMappings: [
      { type: "Static" as const, name: DELIVERY_HEADER, value: pulumi.secret(proof.secret), isSecret: true },
    ],
  };
}
