import { EventGridDeserializer, isSystemEvent } from "@azure/eventgrid";
import { SecretClient } from "@azure/keyvault-secrets";
import { createLocalJWKSet, jwtVerify } from "jose";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { EVENTS_VAULT, type EventStage, eventStage, webhook } from "./support/event-stage";
import { httpsReceiver } from "./support/https-receiver";
import { keyClient } from "./support/judges";
import { testAzure } from "./support/test-azure";
import { consenting } from "./support/test-receiver";

const DAY_MS = 24 * 3_600_000;

let stage: EventStage;

beforeAll(async () => {
  stage = await eventStage();
});
afterEach(() => stage.reset());
afterAll(() => stage.close());

describe("a delivery", () => {
  it("has an event that @azure/eventgrid's deserialiser reads, with the headers of Event Grid", async () => {
    await stage.subscribe("plain", { destination: webhook() });
    stage.relay.forget();
    const key = await stage.keyMade("plain");
    const [delivery, ...others] = stage.relay.received;
    expect(others).toEqual([]);
    expect(delivery?.headers).toMatchObject({
      "aeg-event-type": "Notification",
      "aeg-subscription-name": "PLAIN",
      "aeg-delivery-count": "0",
      "aeg-data-version": "1",
      "aeg-metadata-version": "1",
      "content-type": "application/json; charset=utf-8",
    });
    expect(delivery?.headers.authorization).toBeUndefined();
    const [event] = await new EventGridDeserializer().deserializeEventGridEvents(delivery?.text ?? "");
    expect(event).toMatchObject({ topic: stage.vault, subject: "plain", dataVersion: "1" });
    expect(event && isSystemEvent("Microsoft.KeyVault.KeyNewVersionCreated", event)).toBe(true);
    expect(event?.data).toEqual({
      Id: key.id,
      VaultName: EVENTS_VAULT,
      ObjectType: "Key",
      ObjectName: "plain",
      Version: key.properties.version,
      NBF: null,
      EXP: null,
    });
  });

  it("is in CloudEvents, after their own handshake, when the subscription says so", async () => {
    await stage.subscribe("cloud", { destination: webhook(), eventDeliverySchema: "CloudEventSchemaV1_0" });
    expect(stage.relay.received[0]).toMatchObject({ method: "OPTIONS", text: "" });
    expect(stage.relay.received[0]?.headers).toMatchObject({
      "webhook-request-origin": "eventgrid.azure.net",
      "webhook-request-callback": expect.stringContaining(":553/"),
    });
    stage.relay.forget();
    await stage.keyMade("cloud");
    const [delivery] = stage.relay.received;
    expect(delivery?.headers["content-type"]).toBe("application/cloudevents+json; charset=utf-8");
    const [event] = await new EventGridDeserializer().deserializeCloudEvents(delivery?.text ?? "");
    expect(event).toMatchObject({
      source: stage.vault,
      type: "Microsoft.KeyVault.KeyNewVersionCreated",
      subject: "cloud",
    });
  });

  it("carries Event Grid's own token, when the receiver is an application", async () => {
    const role = "AzureEventGridSecureWebhookSubscriber";
    const { objectId } = stage.azure.deployer;
    const made = await stage.azure.admin("POST", "/applications", {
      displayName: "relay",
      roles: [role],
      owners: [objectId],
      tokenVersion: 2,
    });
    const appId = String(made.body.appId);
    const { body: grid } = await stage.azure.admin("GET", "/principals/4962773b-9cdb-44cf-a8bf-237846a00ab7");
    await stage.azure.admin("POST", `/applications/${appId}/role-assignments`, {
      principalId: grid.principalId,
      role,
    });
    const azureActiveDirectoryTenantId = stage.azure.tenantId;
    await stage.subscribe("entra", {
      destination: webhook({ azureActiveDirectoryTenantId, azureActiveDirectoryApplicationIdOrUri: appId }),
    });
    const jwks = await stage.azure.ask(
      "GET",
      `https://login.microsoftonline.com/${stage.azure.tenantId}/discovery/v2.0/keys`,
    );
    await stage.keyMade("entra");
    for (const { headers } of stage.relay.received) {
      const token = headers.authorization?.replace("Bearer ", "") ?? "";
      const { payload } = await jwtVerify(token, createLocalJWKSet(jwks.body as never), {
        issuer: `https://login.microsoftonline.com/${stage.azure.tenantId}/v2.0`,
        audience: appId,
      });
      expect(payload).toMatchObject({ azp: "4962773b-9cdb-44cf-a8bf-237846a00ab7", roles: [role] });
    }
    expect(stage.relay.received).toHaveLength(2);
  });

  it("goes only to those whose filter lets it through", async () => {
    const filter = {
      includedEventTypes: ["Microsoft.KeyVault.KeyNewVersionCreated"],
      subjectBeginsWith: "sops",
      subjectEndsWith: "sops",
      advancedFilters: [{ operatorType: "StringIn" as const, key: "data.ObjectType", values: ["key"] }],
    };
    await stage.subscribe("filtered", { destination: webhook(), filter });
    for (const name of ["sops", "sops-2", "SOPS", "other"]) await stage.keyMade(name);
    await stage.azure.core.clock.drain();
    expect(stage.relay.events.map(({ subject }) => subject)).toEqual(["sops", "sops"]);
  });

  it("takes several events at once, all or none, when batches are on", async () => {
    await stage.subscribe("batched", { destination: webhook({ maxEventsPerBatch: 3 }) });
    stage.relay.forget();
    stage.relay.reactsWith(() => ({ status: 503 }));
    const source = stage.azure.core.resources.get(stage.vault);
    for (const subject of ["a", "b", "c", "d"])
      if (source)
        stage.azure.core.events.publish(source, { type: "Microsoft.KeyVault.KeyExpired", subject, data: {} });
    await stage.azure.core.clock.drain();
    stage.relay.reactsWith(consenting);
    await stage.azure.core.clock.advance(31_000);
    const subjects = stage.relay.received.map(({ text }) =>
      JSON.parse(text).map((one: { subject: string }) => one.subject),
    );
    expect(subjects).toEqual([["a", "b", "c"], ["d"], ["a", "b", "c"], ["d"]]);
  });
});

describe("what vaults tell", () => {
  it("of keys and secrets: new versions, near expiry and expiry, each once", async () => {
    const { azure } = stage;
    const uri = `https://${EVENTS_VAULT}.vault.azure.net`;
    await stage.subscribe("all");
    stage.relay.forget();
    const now = azure.core.clock.now();
    await keyClient(azure, EVENTS_VAULT).createRsaKey("ending", { expiresOn: new Date(now + 60 * DAY_MS) });
    const secrets = new SecretClient(uri, azure.credential(), azure.options);
    await secrets.setSecret("ending-too", "hush", { expiresOn: new Date(now + 40 * DAY_MS) });
    await azure.core.clock.advance(90 * DAY_MS);
    const told = stage.relay.events.map(({ eventType, subject }) => `${eventType} ${subject}`);
    expect(told).toEqual([
      "Microsoft.KeyVault.KeyNewVersionCreated ending",
      "Microsoft.KeyVault.SecretNewVersionCreated ending-too",
      "Microsoft.KeyVault.SecretNearExpiry ending-too",
      "Microsoft.KeyVault.KeyNearExpiry ending",
      "Microsoft.KeyVault.SecretExpired ending-too",
      "Microsoft.KeyVault.KeyExpired ending",
    ]);
    expect(JSON.stringify(stage.relay.events)).not.toContain("hush");
  });
});

describe("where deliveries go", () => {
  it("to an address of this machine, when its authority is known, and to no other host", async () => {
    const receiver = await httpsReceiver();
    const azure = await testAzure({ webhookCa: [receiver.ca] });
    try {
      const webhooks = azure.core.handshakes.webhooks;
      const answer = await webhooks.send(new URL(`${receiver.address}/hook`), "POST", {}, "[]");
      expect(answer).toMatchObject({ status: 200, body: "POST /hook []" });
      const unknown = stage.azure.core.handshakes.webhooks;
      await expect(unknown.send(new URL(receiver.address), "POST", {}, "[]")).rejects.toThrow("certificate");
      await expect(webhooks.send(new URL("https://example.com/hook"), "POST", {})).rejects.toThrow(
        "cannot be resolved",
      );
    } finally {
      await azure.close();
      await receiver.close();
    }
  });
});
