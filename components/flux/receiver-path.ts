import { createHash, createHmac } from "node:crypto";

/** Path that notification-controller gives a Receiver: it tells only after the fact, in `status.webhookPath`. */
export function receiverPath(token: string, name: string, namespace: string): string {
  return `/hook/${createHash("sha256")
    .update(token + name + namespace)
    .digest("hex")}`;
}

/** A token of its own for the Receiver, out of another secret of the stack: nobody has to make one up or keep it. */
export function receiverToken(secret: string): string {
  return createHmac("sha256", secret).update("flux-receiver").digest("hex");
}
