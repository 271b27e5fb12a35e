import {
  blobContainer,
  eventSubscription,
  packageDeployment,
  storageAccount,
  systemTopic,
  webApp,
} from "../support/azure";
import { describeRule } from "../support/describe-rule";
import { CANARY, UNKNOWN } from "../support/resources";

describeRule("azure-event-topic-identity", {
  violates: {
    none: [systemTopic({ identity: undefined }), "set identity.type to SystemAssigned"],
    "none, in so many words": [systemTopic({ "identity.type": "None" }), "has no identity to deliver as"],
  },
  passes: { "its own": systemTopic() },
  unknown: { "the kind": [systemTopic({ identity: UNKNOWN }), "identity"] },
});

describeRule("azure-event-subscription-filtered", {
  violates: {
    "every event of every key": [
      eventSubscription({ filter: undefined }),
      "set filter.includedEventTypes",
      "is for more than one key",
    ],
    "keys that begin alike": [
      eventSubscription({ "filter.subjectEndsWith": undefined }),
      "filter.subjectEndsWith to the key's name",
    ],
  },
  passes: { "one event of one key": eventSubscription() },
  unknown: { "the filter": [eventSubscription({ filter: UNKNOWN }), "filter"] },
});

describeRule("azure-event-subscription-authenticated", {
  violates: {
    "plain http": [
      eventSubscription({ "destination.endpointUrl": `http://relay.example.com/${CANARY}` }),
      "use https in destination.endpointUrl",
    ],
    "a secret in the address": [
      eventSubscription({ "destination.endpointUrl": `https://relay.example.com/?code=${CANARY}` }),
      "has a query in its address",
    ],
    "old TLS": [eventSubscription({ "destination.minimumTlsVersionAllowed": "1.0" }), "takes TLS 1.0"],
    "nothing to know it by": [
      eventSubscription({ "destination.azureActiveDirectoryApplicationIdOrUri": undefined }),
      "has nothing for its receiver to know it by",
    ],
    "a header that shows": [
      eventSubscription({
        "destination.deliveryAttributeMappings": [{ type: "Static", name: "X-Key", value: CANARY }],
      }),
      "shows the value of its header X-Key",
    ],
  },
  passes: {
    "an application": eventSubscription(),
    "a secret header": eventSubscription({
      "destination.azureActiveDirectoryApplicationIdOrUri": undefined,
      "destination.deliveryAttributeMappings": [
        { type: "Static", name: "X-Key", value: CANARY, isSecret: true },
      ],
    }),
    "a function": eventSubscription({ destination: { endpointType: "AzureFunction", resourceId: "/x" } }),
  },
  unknown: {
    "the address": [eventSubscription({ "destination.endpointUrl": UNKNOWN }), "destination.endpointUrl"],
  },
});

describeRule("azure-event-subscription-kept", {
  violates: {
    dropped: [eventSubscription({ deadLetterWithResourceIdentity: undefined }), "drops what nobody took"],
    "by a key": [
      eventSubscription({
        deadLetterWithResourceIdentity: undefined,
        deadLetterDestination: { endpointType: "StorageBlob" },
      }),
      "use deadLetterWithResourceIdentity",
    ],
    "given up at once": [
      eventSubscription({ "retryPolicy.maxDeliveryAttempts": 1 }),
      "gives up after 1 attempts or 1440 minutes",
    ],
  },
  passes: { kept: eventSubscription(), "Azure's own retries": eventSubscription({ retryPolicy: undefined }) },
  unknown: {
    where: [eventSubscription({ deadLetterWithResourceIdentity: UNKNOWN }), "deadLetterWithResourceIdentity"],
  },
});

describeRule("azure-function-https", {
  violates: {
    "plain http": [webApp({ httpsOnly: undefined }), "set httpsOnly to true"],
    "old TLS": [webApp({ "siteConfig.minTlsVersion": "1.0" }), "takes TLS 1.0"],
    ftp: [webApp({ "siteConfig.ftpsState": "AllAllowed" }), "takes code by FTP"],
    debugging: [webApp({ "siteConfig.remoteDebuggingEnabled": true }), "can be debugged from afar"],
  },
  passes: { "all said": webApp(), "Azure's defaults": webApp({ siteConfig: {} }) },
  unknown: { "the flag": [webApp({ httpsOnly: UNKNOWN }), "httpsOnly"] },
});

const settings = (...appSettings: object[]) => webApp({ "siteConfig.appSettings": appSettings });

describeRule("azure-function-no-plain-secret", {
  violates: {
    "by its name": [
      settings({ name: "TRIGGER_TOKEN", value: CANARY }),
      "has a secret in the setting TRIGGER_TOKEN",
    ],
    "by its form": [
      settings({ name: "X", value: `glptt-${"a".repeat(40)}` }),
      "has a secret in the setting X",
    ],
    "a connection string": [
      webApp({ "siteConfig.connectionStrings": [{ name: "db" }] }),
      "let its identity log in",
    ],
  },
  passes: { "a reference": webApp(), "nothing secret": settings({ name: "LOG_LEVEL", value: "info" }) },
  unknown: {
    "a value": [settings({ name: "TRIGGER_TOKEN", value: UNKNOWN }), "siteConfig.appSettings[0].value"],
  },
});

describeRule("azure-function-identity", {
  violates: {
    none: [webApp({ identity: undefined }), "set identity.type"],
    "a storage key": [
      settings({ name: "AzureWebJobsStorage", value: CANARY }),
      "use AzureWebJobsStorage__accountName",
    ],
    "deployed by a key": [
      webApp({
        "functionAppConfig.deployment.storage.authentication.type": "StorageAccountConnectionString",
      }),
      "fetches its code by a storage key",
    ],
  },
  passes: { "its own": webApp() },
  unknown: { "the kind": [webApp({ identity: UNKNOWN }), "identity"] },
});

const KEYS = { allowSharedKeyAccess: true, networkRuleSet: { defaultAction: "Deny" } };

describeRule("azure-storage-account-private", {
  violates: {
    "Azure's defaults": [
      storageAccount({
        allowBlobPublicAccess: undefined,
        allowSharedKeyAccess: undefined,
        minimumTlsVersion: undefined,
      }),
      "set allowBlobPublicAccess to false",
      "set allowSharedKeyAccess to false",
      "set minimumTlsVersion to TLS1_2",
    ],
    "plain http": [storageAccount({ enableHttpsTrafficOnly: false }), "set enableHttpsTrafficOnly to true"],
    "keys that sign the package of an app, for everybody": [
      [storageAccount({ allowSharedKeyAccess: true }), packageDeployment()],
      "set allowSharedKeyAccess to false",
    ],
    "keys that sign nothing": [
      [storageAccount({ ...KEYS, accountName: "other" }), packageDeployment()],
      "set allowSharedKeyAccess to false",
    ],
    "keys, and a deployment of something else": [
      [storageAccount(KEYS), packageDeployment({ "properties.template.resources": [] })],
      "set allowSharedKeyAccess to false",
    ],
  },
  passes: {
    "all said": storageAccount(),
    "keys that sign the package of an app": [storageAccount(KEYS), packageDeployment()],
  },
  unknown: {
    "a flag": [storageAccount({ allowSharedKeyAccess: UNKNOWN }), "allowSharedKeyAccess"],
    "what is deployed": [
      [storageAccount(KEYS), packageDeployment({ "properties.parameters.accountId.value": UNKNOWN })],
      "properties.parameters.accountId.value",
    ],
  },
});

describeRule("azure-blob-container-private", {
  violates: { public: [blobContainer({ publicAccess: "Blob" }), "shows its blobs to everybody (Blob)"] },
  passes: { private: blobContainer(), "Azure's default": blobContainer({ publicAccess: undefined }) },
  unknown: { "the access": [blobContainer({ publicAccess: UNKNOWN }), "publicAccess"] },
});
