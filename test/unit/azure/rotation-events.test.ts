import * as pulumi from "@pulumi/pulumi";
import { expect, test } from "vitest";
import { RotationEvents, type RotationEventsArgs } from "../../../components/azure/rotation-events";
import { build, lineOf } from "../harness";
import { AZURE_COMPUTED } from "./computed";
import { PLACE, SUBSCRIPTION, someStorage, someVault } from "./parts";

async function eventsOf(changes: () => Partial<RotationEventsArgs> = () => ({}), preview = false) {
  const { children, outputs } = await build(
    () =>
      new RotationEvents("azure-events", {
        subscriptionId: SUBSCRIPTION,
        prefix: "sops-prod",
        subscription: "sops-prod-rotations",
        vaults: { weu: { vault: someVault(), place: PLACE } },
        key: "sops",
        endpointUrl: "https://relay.example.com/events",
        proof: { secret: pulumi.output("the-delivery-secret"), secretIn: "header" },
        storage: someStorage(),
        ...changes(),
      }),
    { computed: AZURE_COMPUTED, preview },
  );
  const own = children.filter(({ parent }) => parent.endsWith("RotationEvents::azure-events"));
  const registered = [...outputs].find(([urn]) => urn.endsWith("RotationEvents::azure-events"))?.[1];
  return { lines: own.map(lineOf), urns: own.map(({ urn }) => urn), own, registered };
}

test("a topic, its one subscription after the relay answers, and a place for what nobody takes", async () => {
  expect((await eventsOf()).lines).toMatchInlineSnapshot(`
    [
      "azure-native:authorization:RoleAssignment azure-events-may-keep-weu {"principalId":"principal-of-sops-prod-weu","principalType":"ServicePrincipal","roleAssignmentName":"10739d74-ab7e-800d-a39f-6fcf9ad37b29","roleDefinitionId":"/subscriptions/the-subscription/providers/Microsoft.Authorization/roleDefinitions/ba92f5b4-2d11-453d-a403-e96b0029c9fe","scope":"azure-storage-dead-letters-id"}",
      "azure-native:eventgrid:SystemTopic azure-events-topic-weu {"identity":{"type":"SystemAssigned"},"location":"westeurope","resourceGroupName":"rg-sops","source":"azure-weu-vault-id","systemTopicName":"sops-prod-weu","tags":{"env":"prod"},"topicType":"Microsoft.KeyVault.vaults"}",
      "azure-native:eventgrid:SystemTopicEventSubscription azure-events-subscription-weu {"deadLetterWithResourceIdentity":{"deadLetterDestination":{"blobContainerName":"dead-letters","endpointType":"StorageBlob","resourceId":"azure-storage-account-id"},"identity":{"type":"SystemAssigned"}},"destination":{"secret":{"deliveryAttributeMappings":[{"isSecret":true,"name":"x-relay-secret","type":"Static","value":"the-delivery-secret"}],"endpointType":"WebHook","endpointUrl":"https://relay.example.com/events","maxEventsPerBatch":1,"minimumTlsVersionAllowed":"1.2"}},"eventDeliverySchema":"EventGridSchema","eventSubscriptionName":"sops-prod-rotations","filter":{"advancedFilters":[{"key":"subject","operatorType":"StringIn","values":["sops"]}],"includedEventTypes":["Microsoft.KeyVault.KeyNewVersionCreated"],"isSubjectCaseSensitive":false,"subjectBeginsWith":"sops","subjectEndsWith":"sops"},"resourceGroupName":"rg-sops","retryPolicy":{"eventTimeToLiveInMinutes":1440,"maxDeliveryAttempts":30},"systemTopicName":"sops-prod-weu"}",
    ]
  `);
});

test("a second region has a topic of its own, in its own region", async () => {
  const { own, registered } = await eventsOf(() => ({
    vaults: {
      weu: { vault: someVault(), place: PLACE },
      neu: { vault: someVault("neu"), place: { ...PLACE, location: "northeurope" } },
    },
  }));
  const topics = own.filter(({ type }) => type.endsWith("SystemTopic"));
  expect(topics.map(({ inputs }) => [inputs.systemTopicName, inputs.location, inputs.source])).toEqual([
    ["sops-prod-neu", "northeurope", "azure-neu-vault-id"],
    ["sops-prod-weu", "westeurope", "azure-weu-vault-id"],
  ]);
  expect(registered).toEqual({
    subscriptionIds: ["azure-events-subscription-weu-id", "azure-events-subscription-neu-id"],
  });
});

test("with an application in Entra ID, Event Grid shows a token and no secret", async () => {
  const { lines } = await eventsOf(() => ({ proof: { tenantId: "the-tenant", application: "api://relay" } }));
  const subscription = lines.find((line) => line.includes("EventSubscription"));
  expect(subscription).toContain(
    '"destination":{"azureActiveDirectoryApplicationIdOrUri":"api://relay","azureActiveDirectoryTenantId":"the-tenant","endpointType":"WebHook"',
  );
  expect(subscription).not.toContain("deliveryAttributeMappings");
});

test("with the secret in the address, the whole destination is a secret, and no header has another", async () => {
  const address = { proof: { secret: pulumi.output("the-delivery-secret"), secretIn: "address" as const } };
  const { lines } = await eventsOf(() => address);
  const [subscription, ...others] = lines.toSorted((line) => (line.includes("EventSubscription") ? -1 : 1));
  expect(subscription).toContain(
    '"destination":{"secret":{"endpointType":"WebHook","endpointUrl":"https://relay.example.com/events?code=the-delivery-secret","maxEventsPerBatch":1,"minimumTlsVersionAllowed":"1.2"}}',
  );
  expect(subscription?.split("the-delivery-secret")).toHaveLength(2);
  expect(JSON.stringify(others)).not.toContain("the-delivery-secret");
});

test("a preview makes the same", async () => {
  expect((await eventsOf(undefined, true)).urns).toEqual((await eventsOf()).urns);
});
