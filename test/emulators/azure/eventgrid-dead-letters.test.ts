import type { EventSubscription } from "@azure/arm-eventgrid";
import { BlobServiceClient } from "@azure/storage-blob";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { type EventStage, eventStage } from "./support/event-stage";
import { assign, FAST, GROUP, judges, LOCATION, ROLE } from "./support/judges";

const ACCOUNT = "sopsdeadletters";
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

let stage: EventStage;
let account: string;

beforeAll(async () => {
  stage = await eventStage();
  const { azure } = stage;
  const { storage } = judges(azure);
  const parameters = {
    location: LOCATION,
    sku: { name: "Standard_LRS" },
    kind: "StorageV2",
    allowSharedKeyAccess: false,
  };
  account = (await storage.storageAccounts.beginCreateAndWait(GROUP, ACCOUNT, parameters, FAST)).id ?? "";
  await storage.blobContainers.create(GROUP, ACCOUNT, "dead", {});
  await assign(azure, azure.deployer.objectId, ROLE.blobContributor, account);
});
afterEach(() => stage.reset());
afterAll(() => stage.close());

const withDeadLetter = (): Partial<EventSubscription> => ({
  deadLetterWithResourceIdentity: {
    identity: { type: "SystemAssigned" },
    deadLetterDestination: { endpointType: "StorageBlob", resourceId: account, blobContainerName: "dead" },
  },
});

async function deadLetters() {
  const client = new BlobServiceClient(
    `https://${ACCOUNT}.blob.core.windows.net`,
    stage.azure.credential(),
    stage.azure.storageOptions,
  );
  const container = client.getContainerClient("dead");
  const found = [];
  for await (const { name } of container.listBlobsFlat()) {
    const text = (await container.getBlobClient(name).downloadToBuffer()).toString();
    found.push({ name, events: JSON.parse(text) });
    await container.deleteBlob(name);
  }
  return found;
}

describe("a dead letter", () => {
  it("is written as the topic's identity, five minutes later, with the reason", async () => {
    await assign(
      stage.azure,
      stage.topicIdentity,
      ROLE.blobContributor,
      `${account}/blobServices/default/containers/dead`,
    );
    await stage.subscribe("sub", withDeadLetter());
    stage.relay.forget();
    stage.relay.reactsWith(() => ({ status: 400 }));
    stage.publish("lost");
    await stage.azure.core.clock.drain();
    await stage.azure.core.clock.advance(4 * MINUTE);
    expect(await deadLetters()).toEqual([]);
    await stage.azure.core.clock.advance(2 * MINUTE);
    const [letter, ...others] = await deadLetters();
    expect(others).toEqual([]);
    expect(letter?.name).toMatch(/^SUB\/20\d\d\/\d{1,2}\/\d{1,2}\/\d{1,2}\/[0-9a-f-]{36}\.json$/);
    expect(letter?.events).toEqual([
      expect.objectContaining({
        subject: "lost",
        topic: stage.vault,
        deadLetterReason: "UndeliverableDueToHttpBadRequest",
        deliveryAttempts: 1,
        lastDeliveryOutcome: "BadRequest",
        lastHttpStatusCode: 400,
        publishTime: expect.any(String),
      }),
    ]);
    expect(stage.outcomes().at(-1)).toBe("DeadLettered");
  });

  it("names its attempts in CloudEvents' small letters", async () => {
    await stage.subscribe("sub", {
      ...withDeadLetter(),
      eventDeliverySchema: "CloudEventSchemaV1_0",
      retryPolicy: { maxDeliveryAttempts: 2 },
    });
    stage.relay.forget();
    stage.relay.reactsWith(() => ({ status: 500 }));
    stage.publish("cloud");
    await stage.azure.core.clock.advance(HOUR);
    const [letter] = await deadLetters();
    expect(letter?.events[0]).toMatchObject({
      specversion: "1.0",
      deadletterreason: "MaxDeliveryAttemptsExceeded",
      deliveryattempts: 2,
    });
  });

  it("is dropped after four hours, when the identity may not write", async () => {
    const { roleAssignments } = judges(stage.azure).authorization;
    for await (const one of roleAssignments.listForScope(account, {
      filter: `principalId eq '${stage.topicIdentity}'`,
    }))
      await roleAssignments.deleteById(one.id ?? "");
    await stage.subscribe("sub", withDeadLetter());
    stage.relay.forget();
    stage.relay.reactsWith(() => ({ status: 401 }));
    stage.publish("nowhere");
    await stage.azure.core.clock.advance(3 * HOUR);
    expect(stage.azure.core.store.tables.pendingEvents).toHaveLength(1);
    await stage.azure.core.clock.advance(2 * HOUR);
    expect(stage.azure.core.store.tables.pendingEvents).toEqual([]);
    expect(await deadLetters()).toEqual([]);
    expect(stage.outcomes().at(-1)).toBe("Dropped");
  });
});
