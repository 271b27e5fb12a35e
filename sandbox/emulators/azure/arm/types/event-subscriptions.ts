import type { EventGridManagementClient, EventSubscription as Model } from "@azure/arm-eventgrid";
import { SUBSCRIPTIONS, subscriptionOf } from "../../eventgrid/subscription";
import { isObject, type Json, type JsonObject, listAt, objectAt, textAt } from "../../json";
import type { Resource } from "../../model";
import { OfficialModel } from "../official-model";
import { sameId } from "../resource-id";
import type { ResourceType, WriteAsk } from "../resource-type";
import { checkEventSubscription } from "./event-subscription-checks";
import { EVENT_GRID_VERSIONS } from "./system-topics";

/** What clients of the newest API version send besides. */
const NEWER = ["properties.destination.properties.minimumTlsVersionAllowed"];

export const eventSubscriptions: ResourceType = {
  name: SUBSCRIPTIONS,
  apiVersions: EVENT_GRID_VERSIONS,
  slow: "Azure-AsyncOperation",
  slowDeletion: true,
  model: new OfficialModel<EventGridManagementClient, Model>({
    client: async ({ credential, options }) => {
      const { EventGridManagementClient: Client } = await import("@azure/arm-eventgrid");
      return new Client(credential, "none", options);
    },
    read: (client) => client.systemTopicEventSubscriptions.get("group", "topic", "subscription"),
    write: (client, model) =>
      client.systemTopicEventSubscriptions.beginCreateOrUpdate("group", "topic", "subscription", model),
    also: NEWER,
  }),
  patched: (body) => ({ properties: body }),
  prepare: (ask) => {
    checkEventSubscription(ask);
    const live = ask.existing?.hidden.live;
    const state = ask.existing ? "Updating" : "Creating";
    return { body: withDefaults(ask.body), hidden: { state, ...(live !== undefined && { live }) } };
  },
  settle: validate,
  /** What was on its way to it is gone with it. */
  remove: (core, { id }) => {
    const { tables } = core.store;
    tables.pendingEvents = tables.pendingEvents.filter(({ subscription }) => !sameId(subscription, id));
  },
  show: (_core, { body, hidden }) => shown(body, textAt(hidden, "state") ?? ""),
  actions: {
    getFullUrl: {
      does: ({ core, id }) => {
        const { body } = core.resources.get(id.text) ?? {};
        return {
          status: 200,
          body: { endpointUrl: textAt(body, "properties", "destination", "properties", "endpointUrl") ?? "" },
        };
      },
    },
    getDeliveryAttributes: {
      does: ({ core, id }) => {
        const { body } = core.resources.get(id.text) ?? {};
        return { status: 200, body: { value: mappings(body).map(withoutSecret) } };
      },
    },
  },
};

/** The receiver is asked before it gets anything; what it consented to stays in force until it consents to the new. */
async function validate({ core }: WriteAsk, resource: Resource): Promise<void> {
  const set = (state: string, more: JsonObject = {}) => {
    resource.hidden = { ...resource.hidden, state, ...more };
    core.store.changed();
  };
  const { body } = resource;
  try {
    await core.handshakes.ask(subscriptionOf(resource), () => set("AwaitingManualAction"));
    set("Succeeded", { live: body });
  } catch (error) {
    set("Failed");
    throw error;
  }
}

function withDefaults(body: JsonObject): JsonObject {
  const properties = objectAt(body, "properties");
  return {
    ...body,
    properties: {
      eventDeliverySchema: "EventGridSchema",
      labels: [],
      ...properties,
      retryPolicy: {
        maxDeliveryAttempts: 30,
        eventTimeToLiveInMinutes: 1_440,
        ...objectAt(properties, "retryPolicy"),
      },
    },
  };
}

/** Without the endpoint's query and the values of secret headers. */
function shown(body: JsonObject, provisioningState: string): JsonObject {
  const properties = objectAt(body, "properties");
  const destination = objectAt(properties, "destination");
  const { endpointUrl = "", ...rest } = objectAt(destination, "properties");
  const { origin, pathname } = new URL(String(endpointUrl));
  return {
    ...body,
    properties: {
      ...properties,
      destination: {
        ...destination,
        properties: {
          ...rest,
          endpointBaseUrl: `${origin}${pathname}`,
          ...(rest.deliveryAttributeMappings !== undefined && {
            deliveryAttributeMappings: mappings(body).map(withoutSecret),
          }),
        },
      },
      provisioningState,
    },
  };
}

function mappings(body: JsonObject | undefined): readonly Json[] {
  return listAt(body, "properties", "destination", "properties", "deliveryAttributeMappings");
}

function withoutSecret(mapping: Json): Json {
  if (!isObject(mapping)) return mapping;
  const properties = objectAt(mapping, "properties");
  return properties.isSecret === true
    ? { ...mapping, properties: { ...properties, value: "Hidden" } }
    : mapping;
}
