import { describeBodies, KEY_ID } from "../support/describe-bodies";

describeBodies([
  {
    token: "eventgrid:SystemTopic",
    inputs: {
      resourceGroupName: "rg",
      systemTopicName: "kv-sops-events",
      location: "westeurope",
      source: KEY_ID,
      topicType: "Microsoft.KeyVault.vaults",
      identity: { type: "UserAssigned", userAssignedIdentities: { "/id": {} } },
    },
    id: "Microsoft.EventGrid/systemTopics/kv-sops-events",
    sent: {
      location: "westeurope",
      identity: { type: "UserAssigned", userAssignedIdentities: { "/id": {} } },
      properties: { source: KEY_ID, topicType: "Microsoft.KeyVault.vaults" },
    },
    answered: { properties: { metricResourceId: "m", source: KEY_ID } },
    outputs: { metricResourceId: "m", source: KEY_ID },
  },
  {
    token: "eventgrid:SystemTopicEventSubscription",
    inputs: {
      resourceGroupName: "rg",
      systemTopicName: "kv-sops-events",
      eventSubscriptionName: "relay",
      destination: {
        endpointType: "WebHook",
        endpointUrl: "https://relay.example.com/events?code=abc",
        minimumTlsVersionAllowed: "1.2",
        deliveryAttributeMappings: [{ type: "Static", name: "X-Relay", value: "v", isSecret: true }],
      },
      filter: {
        includedEventTypes: ["Microsoft.KeyVault.KeyNewVersionCreated"],
        subjectBeginsWith: "sops",
        advancedFilters: [{ operatorType: "StringIn", key: "data.ObjectName", values: ["sops"] }],
      },
      deadLetterWithResourceIdentity: {
        identity: { type: "SystemAssigned" },
        deadLetterDestination: { endpointType: "StorageBlob", resourceId: "/st", blobContainerName: "dead" },
      },
      retryPolicy: { maxDeliveryAttempts: 30, eventTimeToLiveInMinutes: 1440 },
    },
    id: "Microsoft.EventGrid/systemTopics/kv-sops-events/eventSubscriptions/relay",
    sent: {
      properties: {
        destination: {
          endpointType: "WebHook",
          properties: {
            endpointUrl: "https://relay.example.com/events?code=abc",
            minimumTlsVersionAllowed: "1.2",
            deliveryAttributeMappings: [
              { type: "Static", name: "X-Relay", properties: { value: "v", isSecret: true } },
            ],
          },
        },
        filter: {
          includedEventTypes: ["Microsoft.KeyVault.KeyNewVersionCreated"],
          subjectBeginsWith: "sops",
          advancedFilters: [{ operatorType: "StringIn", key: "data.ObjectName", values: ["sops"] }],
        },
        deadLetterWithResourceIdentity: {
          identity: { type: "SystemAssigned" },
          deadLetterDestination: {
            endpointType: "StorageBlob",
            properties: { resourceId: "/st", blobContainerName: "dead" },
          },
        },
        retryPolicy: { maxDeliveryAttempts: 30, eventTimeToLiveInMinutes: 1440 },
      },
    },
    answered: {
      properties: {
        destination: {
          endpointType: "WebHook",
          properties: {
            endpointBaseUrl: "https://relay.example.com/events",
            endpointUrl: "https://relay?code=abc",
          },
        },
        topic: KEY_ID,
      },
    },
    outputs: {
      destination: { endpointType: "WebHook", endpointBaseUrl: "https://relay.example.com/events" },
      topic: KEY_ID,
    },
  },
]);
