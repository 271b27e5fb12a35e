import { describe, expect, it } from "vitest";
import { azureTest } from "../support/azure-test";
import { GROUPED, type RefusedInputs, refused } from "../support/refused-inputs";

const SUBSCRIPTION = { resourceGroupName: "rg", systemTopicName: "topic", eventSubscriptionName: "relay" };
const ACCOUNT = { ...GROUPED, accountName: "strelay", kind: "StorageV2", sku: { name: "Standard_LRS" } };
const BLOB = {
  resourceGroupName: "rg",
  accountName: "strelay",
  containerName: "code",
  blobName: "relay.zip",
};

const test = azureTest();

describe("inputs that are refused", () => {
  it.each<RefusedInputs>([
    [
      "a destination of no kind",
      "eventgrid:SystemTopicEventSubscription",
      { ...SUBSCRIPTION, destination: { endpointUrl: "https://x" } },
      [
        "destination.endpointType: destination.endpointType must be one of AzureFunction, EventHub, HybridConnection, MonitorAlert, NamespaceTopic, ServiceBusQueue, ServiceBusTopic, StorageQueue, WebHook, it is missing",
      ],
    ],
    [
      "a property of another kind of destination",
      "eventgrid:SystemTopicEventSubscription",
      { ...SUBSCRIPTION, destination: { endpointType: "WebHook", endpointUrl: "https://x", queueName: "q" } },
      ['destination.queueName: destination has no property "queueName"'],
    ],
    [
      "a webhook in the clear",
      "eventgrid:SystemTopicEventSubscription",
      { ...SUBSCRIPTION, destination: { endpointType: "WebHook", endpointUrl: "http://x" } },
      ["destination.endpointUrl: destination.endpointUrl must begin with https://"],
    ],
    [
      "two destinations",
      "eventgrid:SystemTopicEventSubscription",
      {
        ...SUBSCRIPTION,
        destination: { endpointType: "EventHub" },
        deliveryWithResourceIdentity: { destination: { endpointType: "EventHub" } },
      },
      ["destination: destination and deliveryWithResourceIdentity cannot both be set"],
    ],
    [
      "a filter of no kind",
      "eventgrid:SystemTopicEventSubscription",
      { ...SUBSCRIPTION, filter: { advancedFilters: [{ operatorType: "StringIs", key: "k" }] } },
      [
        expect.stringMatching(
          /^filter\.advancedFilters\[0\]\.operatorType: .* must be one of BoolEquals, .*, not "StringIs"$/,
        ) as unknown as string,
      ],
    ],
    [
      "more attempts than there are",
      "eventgrid:SystemTopicEventSubscription",
      { ...SUBSCRIPTION, retryPolicy: { maxDeliveryAttempts: 31 } },
      ["retryPolicy.maxDeliveryAttempts: retryPolicy.maxDeliveryAttempts must be from 1 to 30"],
    ],
    [
      "an account with capitals",
      "storage:StorageAccount",
      { ...ACCOUNT, accountName: "stRelay" },
      ['accountName: accountName must be 3 to 24 small letters and digits: "stRelay"'],
    ],
    [
      "identities as a map, as ARM has them",
      "storage:StorageAccount",
      { ...ACCOUNT, identity: { type: "UserAssigned", userAssignedIdentities: { "/id": {} } } },
      ["identity.userAssignedIdentities: identity.userAssignedIdentities must be a list of resource ids"],
    ],
    [
      "an archive",
      "storage:Blob",
      {
        ...BLOB,
        source: { "4dabf18193072939515e22adb298388d": "0def7320c3a5731c473e5ecbe6d01bc7", path: "dist" },
      },
      ["source: source must be an asset; an archive that is a file can be a FileAsset"],
    ],
    [
      "a text for an asset",
      "storage:Blob",
      { ...BLOB, source: "x" },
      [expect.stringContaining("source: source must be an asset") as unknown as string],
    ],
    [
      "content for a blob that begins empty",
      "storage:Blob",
      { ...BLOB, type: "Append", contentMd5: "x" },
      ["contentMd5: contentMd5 is not for a blob of type Append, which begins empty"],
    ],
    [
      "a site's setting that is none",
      "web:WebApp",
      { ...GROUPED, name: "relay", siteConfig: { minTlsVersion: "TLS1_2" } },
      ['siteConfig.minTlsVersion: siteConfig.minTlsVersion must be one of 1.0, 1.1, 1.2, 1.3, not "TLS1_2"'],
    ],
    [
      "an app setting with another property",
      "web:WebApp",
      { ...GROUPED, name: "relay", siteConfig: { appSettings: [{ name: "A", val: "1" }] } },
      [
        'siteConfig.appSettings[0].val: siteConfig.appSettings[0] has no property "val"; did you mean "value"?',
      ],
    ],
  ])("%s", async (_what, type, inputs, reasons) => {
    expect(await refused(test, type, inputs)).toEqual(reasons);
  });
});
