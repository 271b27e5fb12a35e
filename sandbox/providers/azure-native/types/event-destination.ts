import {
  flag,
  inProperties,
  integer,
  listOf,
  outputs,
  type Property,
  required,
  text,
  texts,
} from "../shape/property";

const endpointType = required(text);

const deliveryAttributeMappings = listOf({
  kind: "choice",
  tag: "type",
  cases: {
    Dynamic: { type: required(text), name: text, ...inProperties({ sourceField: text }) },
    Static: { type: required(text), name: text, ...inProperties({ isSecret: flag, value: text }) },
  },
});

const batches = { maxEventsPerBatch: integer, preferredBatchSizeInKilobytes: integer };

const toResource = { endpointType, ...inProperties({ deliveryAttributeMappings, resourceId: text }) };

/** Where Event Grid brings events. Of a webhook's address, which may hold a secret, it tells only what stands before the query. */
export const eventDestination: Property = {
  kind: "choice",
  tag: "endpointType",
  cases: {
    AzureFunction: {
      endpointType,
      ...inProperties({ deliveryAttributeMappings, ...batches, resourceId: text }),
    },
    EventHub: toResource,
    HybridConnection: toResource,
    MonitorAlert: {
      endpointType,
      ...inProperties({ actionGroups: texts, description: text, severity: text }),
    },
    NamespaceTopic: { endpointType, ...inProperties({ resourceId: text }) },
    ServiceBusQueue: toResource,
    ServiceBusTopic: toResource,
    StorageQueue: {
      endpointType,
      ...inProperties({ queueMessageTimeToLiveInSeconds: integer, queueName: text, resourceId: text }),
    },
    WebHook: {
      endpointType,
      ...inProperties({
        azureActiveDirectoryApplicationIdOrUri: text,
        azureActiveDirectoryTenantId: text,
        deliveryAttributeMappings,
        ...batches,
        endpointUrl: { ...text, writeOnly: true },
        minimumTlsVersionAllowed: { ...text, oneOf: ["1.0", "1.1", "1.2"] },
        ...outputs({ endpointBaseUrl: text }),
      }),
    },
  },
};

/** Where Event Grid puts events that it could not bring. */
export const deadLetterDestination: Property = {
  kind: "choice",
  tag: "endpointType",
  cases: {
    StorageBlob: { endpointType, ...inProperties({ blobContainerName: text, resourceId: text }) },
  },
};
