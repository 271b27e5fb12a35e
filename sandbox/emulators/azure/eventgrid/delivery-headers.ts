import { randomUUID } from "node:crypto";
import type { Directory } from "../entra/directory";
import { EVENT_GRID_APP } from "../entra/directory";
import type { Tokens } from "../entra/tokens";
import type { SystemEvent } from "./model";
import { contentType, fieldOf } from "./schemas";
import type { EventSubscription } from "./subscription";

/** `WebHook-Request-Origin` of everything that is sent in CloudEvents. */
export const ORIGIN = "eventgrid.azure.net";

export type EventType = "SubscriptionValidation" | "Notification";

/** The headers that deliveries and handshakes come with. */
export class DeliveryHeaders {
  constructor(
    private readonly tokens: Tokens,
    private readonly directory: Directory,
  ) {}

  /** @param attempts that were made before. @param event what dynamic headers are read from */
  async of(
    subscription: EventSubscription,
    type: EventType,
    attempts: number,
    event: SystemEvent | undefined,
  ): Promise<Record<string, string>> {
    const { schema, maxEventsPerBatch, name } = subscription;
    const cloud = schema === "CloudEventSchemaV1_0";
    const versions = { "aeg-data-version": "1", "aeg-metadata-version": "1" };
    return {
      "content-type": contentType(schema, cloud && maxEventsPerBatch > 1),
      "aeg-subscription-name": name.toUpperCase(),
      "aeg-delivery-count": String(attempts),
      "aeg-event-type": type,
      "aeg-output-event-id": randomUUID(),
      ...(cloud ? { "webhook-request-origin": ORIGIN } : versions),
      ...attributes(subscription, event),
      ...(await this.authorization(subscription)),
    };
  }

  /** Event Grid's own token for the receiver, when the subscription names an application. Throws when there is none. */
  private async authorization({ audience }: EventSubscription): Promise<Record<string, string>> {
    if (audience === undefined) return {};
    const application = this.directory.applicationByAudience(audience);
    const principal = this.directory.principalOfApp(EVENT_GRID_APP);
    if (application === undefined || principal === undefined)
      throw new Error(`the application ${audience} is not in the tenant`);
    const { appId, tokenVersion: version } = application;
    const roles = principal.appRoles.filter((one) => one.appId === appId).map(({ role }) => role);
    const about = { principal, version, proof: "assertion", roles } as const;
    const { token } = await this.tokens.issue({ ...about, audience: version === 2 ? appId : audience });
    return { authorization: `Bearer ${token}` };
  }
}

/** Headers that the subscription asks for. One without a value in the event is left out. */
function attributes(subscription: EventSubscription, event: SystemEvent | undefined): Record<string, string> {
  const named = subscription.attributes.flatMap(({ name, value, sourceField }) => {
    if (value !== undefined) return [[name, value] as const];
    const found = event && sourceField !== undefined ? fieldOf(event, sourceField) : undefined;
    return found === undefined || found === null ? [] : [[name, String(found)] as const];
  });
  return Object.fromEntries(named);
}
