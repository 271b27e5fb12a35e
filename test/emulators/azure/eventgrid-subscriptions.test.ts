import type { WebHookEventSubscriptionDestination } from "@azure/arm-eventgrid";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { ENDPOINT, type EventStage, eventStage, TOPIC, webhook } from "./support/event-stage";
import { GROUP, judges, LOCATION } from "./support/judges";

let stage: EventStage;

beforeAll(async () => {
  stage = await eventStage();
});
afterEach(() => stage.reset());
afterAll(() => stage.close());

describe("system topics and event subscriptions, as @azure/arm-eventgrid makes them", () => {
  it("keeps one topic for a stage.vault, and no second one", async () => {
    const { systemTopics } = judges(stage.azure).eventgrid;
    expect(await systemTopics.get(GROUP, TOPIC)).toMatchObject({
      source: stage.vault,
      provisioningState: "Succeeded",
    });
    const second = systemTopics.beginCreateOrUpdateAndWait(GROUP, "second", {
      location: LOCATION,
      source: stage.vault,
      topicType: "Microsoft.KeyVault.vaults",
    });
    await expect(second).rejects.toThrow("Only one system topic is allowed per source");
  });

  it("asks the receiver first, and tells neither its query nor secret headers", async () => {
    const deliveryAttributeMappings = [
      { name: "x-key", type: "Static" as const, value: "hush", isSecret: true },
    ];
    const made = await stage.subscribe("asked", {
      destination: webhook({ endpointUrl: `${ENDPOINT}?code=hush`, deliveryAttributeMappings }),
    });
    expect(made).toMatchObject({ provisioningState: "Succeeded", retryPolicy: { maxDeliveryAttempts: 30 } });
    expect(JSON.stringify(made)).not.toContain("hush");
    expect((made.destination as WebHookEventSubscriptionDestination).endpointBaseUrl).toBe(ENDPOINT);
    const [asked] = stage.relay.received;
    expect(asked).toMatchObject({ method: "POST", path: "/api/rotation?code=hush" });
    expect(asked?.headers).toMatchObject({
      "aeg-event-type": "SubscriptionValidation",
      "aeg-subscription-name": "ASKED",
      "x-key": "hush",
      host: "relay-events.azurewebsites.net",
    });
    const { systemTopicEventSubscriptions: all } = judges(stage.azure).eventgrid;
    expect((await all.getFullUrl(GROUP, TOPIC, "asked")).endpointUrl).toBe(`${ENDPOINT}?code=hush`);
  });

  it.each([
    { what: "answers 202", react: () => ({ status: 202, body: "{}" }) },
    { what: "answers 401", react: () => ({ status: 401 }) },
    { what: "does not answer", react: () => ({ status: 200, afterMs: 60_000 }) },
  ])("fails when the receiver $what", async ({ react }) => {
    stage.relay.reactsWith(react);
    await expect(stage.subscribe("refused", { destination: webhook() })).rejects.toThrow(
      "Webhook validation handshake failed",
    );
    const { systemTopicEventSubscriptions: all } = judges(stage.azure).eventgrid;
    expect(await all.get(GROUP, TOPIC, "refused")).toMatchObject({ provisioningState: "Failed" });
    stage.relay.forget();
    await stage.keyMade("nobody-listens");
    expect(stage.relay.events).toEqual([]);
  });

  it("waits for somebody who consents by hand, for ten minutes", async () => {
    stage.relay.reactsWith(() => ({ status: 200 }));
    const made = stage.subscribe("by-hand", { destination: webhook() });
    await expect.poll(() => stage.relay.received.length).toBe(1);
    const [event] = JSON.parse(stage.relay.received[0]?.text ?? "");
    const { systemTopicEventSubscriptions: all } = judges(stage.azure).eventgrid;
    await expect
      .poll(async () => (await all.get(GROUP, TOPIC, "by-hand")).provisioningState)
      .toBe("AwaitingManualAction");
    expect(event.data.validationUrl).toContain(":553/");
    expect((await stage.azure.ask("GET", event.data.validationUrl)).status).toBe(200);
    expect((await made).provisioningState).toBe("Succeeded");
    await stage.unsubscribe("by-hand");
    const late = stage.subscribe("too-late", { destination: webhook() });
    late.catch(() => undefined);
    await expect
      .poll(async () => (await all.get(GROUP, TOPIC, "too-late")).provisioningState)
      .toBe("AwaitingManualAction");
    await stage.azure.core.clock.advance(10 * 60_000);
    await expect.poll(async () => (await all.get(GROUP, TOPIC, "too-late")).provisioningState).toBe("Failed");
    await late.catch(() => undefined);
  });

  it.each([
    {
      what: "plain HTTP",
      change: { destination: webhook({ endpointUrl: "http://127.0.0.1:1/" }) },
      problem: "proper HTTPS URL",
    },
    {
      what: "31 attempts",
      change: { retryPolicy: { maxDeliveryAttempts: 31 } },
      problem: "maxDeliveryAttempts",
    },
    {
      what: "an application of nobody",
      change: {
        destination: webhook({
          azureActiveDirectoryApplicationIdOrUri: "api://none",
          azureActiveDirectoryTenantId: "x",
        }),
      },
      problem: "there is no application",
    },
    {
      what: "an account of nobody",
      change: {
        deadLetterDestination: {
          endpointType: "StorageBlob" as const,
          resourceId: "/none",
          blobContainerName: "dead",
        },
      },
      problem: "dead letter destination",
    },
  ])("refuses $what", async ({ change, problem }) => {
    await expect(stage.subscribe("wrong", { destination: webhook(), ...change })).rejects.toThrow(problem);
  });

  it("refuses what its model does not know, and takes what is newer than the client", async () => {
    const token = await stage.azure.token("https://management.azure.com/.default");
    const url = `https://management.azure.com${stage.vault.split("/providers")[0]}/providers/Microsoft.EventGrid/systemTopics/${TOPIC}/eventSubscriptions/raw?api-version=2025-02-15`;
    const body = (properties: object) => ({
      properties: {
        destination: { endpointType: "WebHook", properties: { endpointUrl: ENDPOINT, ...properties } },
      },
    });
    const unknown = await stage.azure.ask("PUT", url, { token, body: body({ endpointUri: "x" }) });
    expect(unknown).toMatchObject({ status: 400, body: { error: { code: "InvalidRequestContent" } } });
    expect(unknown.text).toContain("properties.destination.properties.endpointUri");
    const newer = await stage.azure.ask("PUT", url, {
      token,
      body: body({ minimumTlsVersionAllowed: "1.2" }),
    });
    expect(newer.status).toBe(201);
    expect(newer.headers["azure-asyncoperation"]).toMatch(/operationsStatus/);
    await stage.azure.core.operations.idle();
  });
});
