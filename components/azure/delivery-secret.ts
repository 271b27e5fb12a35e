import { createHmac } from "node:crypto";

/** The header that Event Grid sends the secret in, and that the relay looks for. */
export const DELIVERY_HEADER = "x-relay-secret";

/** The query parameter of the webhook's address that takes the header's place. */
export const DELIVERY_PARAMETER = "code";

/** What Event Grid shows the relay, out of another secret of the stack: nobody has to make one up or keep it, and it turns with that one. */
export function deliverySecret(triggerToken: string): string {
  return createHmac("sha256", triggerToken).update("event-grid-delivery").digest("hex");
}
