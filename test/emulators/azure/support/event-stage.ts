import type { EventSubscription, WebHookEventSubscriptionDestination } from "@azure/arm-eventgrid";
import { FAST, GROUP, judges, keyClient, LOCATION, vaultForAll } from "./judges";
import { testAzure } from "./test-azure";
import { consenting, testReceiver } from "./test-receiver";

export const EVENTS_VAULT = "events-kv";
/** Long enough for a receiver on a busy machine, and short enough to wait for one that never answers. */
const TIMEOUT_MS = 3_000;
export const TOPIC = "events-topic";
export const ENDPOINT = "https://relay-events.azurewebsites.net/api/rotation";

/** A vault with a system topic, and a receiver that events can be sent to. */
export async function eventStage() {
  const azure = await testAzure({ webhookTimeoutMs: TIMEOUT_MS });
  const vault = await vaultForAll(azure, EVENTS_VAULT);
  const relay = await testReceiver(azure, "relay-events");
  const topic = {
    location: LOCATION,
    source: vault,
    topicType: "Microsoft.KeyVault.vaults",
    identity: { type: "SystemAssigned" },
  };
  const made = await judges(azure).eventgrid.systemTopics.beginCreateOrUpdateAndWait(
    GROUP,
    TOPIC,
    topic,
    FAST,
  );
  // Tokens end when the clock is moved; each time, the judges come with new ones.
  const subscriptions = () => judges(azure).eventgrid.systemTopicEventSubscriptions;
  return {
    azure,
    vault,
    relay,
    topicIdentity: made.identity?.principalId ?? "",
    subscriptions,
    /** Events go to the relay, unless the subscription says something else. */
    subscribe: (name: string, change: Partial<EventSubscription> = {}) => {
      const subscription = { destination: webhook(), ...change } as EventSubscription;
      return subscriptions().beginCreateOrUpdateAndWait(GROUP, TOPIC, name, subscription, FAST);
    },
    unsubscribe: (name: string) => subscriptions().beginDeleteAndWait(GROUP, TOPIC, name, FAST),
    /** Makes a key, and waits until everybody has been told. */
    keyMade: async (name: string) => {
      const key = await keyClient(azure, EVENTS_VAULT).createRsaKey(name);
      await azure.core.clock.drain();
      return key;
    },
    /** Events without the trouble of making keys. */
    publish: (...subjects: readonly string[]) => {
      const source = azure.core.resources.get(vault);
      const type = "Microsoft.KeyVault.KeyNewVersionCreated";
      for (const subject of subjects)
        if (source) azure.core.events.publish(source, { type, subject, data: {} });
    },
    /** What became of every delivery, by Event Grid's words. */
    outcomes: () => azure.core.store.tables.deliveries.map(({ outcome }) => outcome),
    /** As it was in the beginning. */
    reset: async () => {
      relay.reactsWith(consenting);
      for await (const { name = "" } of subscriptions().listBySystemTopic(GROUP, TOPIC))
        await subscriptions().beginDeleteAndWait(GROUP, TOPIC, name, FAST);
      const deliveries = { copies: 1, parallel: 8, shuffle: false, drop: false, hold: false };
      await azure.admin("PATCH", "/switches", deliveries);
      azure.core.store.tables.deliveries.splice(0);
      relay.forget();
    },
    close: async () => {
      await azure.close();
      await relay.close();
    },
  };
}

export type EventStage = Awaited<ReturnType<typeof eventStage>>;

export const webhook = (
  change: Partial<WebHookEventSubscriptionDestination> = {},
): WebHookEventSubscriptionDestination => ({ endpointType: "WebHook", endpointUrl: ENDPOINT, ...change });
