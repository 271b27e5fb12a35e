import { randomUUID } from "node:crypto";
import type { RoleAccess } from "../arm/access";
import type { Resources } from "../arm/resources";
import type { Clock } from "../clock";
import type { Directory } from "../entra/directory";
import { at, type JsonObject } from "../json";
import type { StorageService } from "../storage/storage-service";
import type { PendingEvent } from "./model";
import { inSchema } from "./schemas";
import type { DeadLetterPlace, EventSubscription } from "./subscription";

/** Writes what could not be delivered to a blob. */
export class DeadLetters {
  constructor(
    private readonly clock: Clock,
    private readonly resources: Resources,
    private readonly access: RoleAccess,
    private readonly directory: Directory,
    private readonly storage: StorageService,
  ) {}

  /** @returns the blob's name in the container. Rejects when it cannot be written, or the identity may not. */
  async write(
    subscription: EventSubscription,
    place: DeadLetterPlace,
    pending: readonly PendingEvent[],
  ): Promise<string> {
    const account = this.resources.get(place.accountId);
    if (account === undefined) throw new Error(`the account ${place.accountId} is not there`);
    this.checkRight(subscription, place);
    const now = new Date(this.clock.now());
    const date = [now.getUTCFullYear(), now.getUTCMonth() + 1, now.getUTCDate(), now.getUTCHours()].join("/");
    const blob = `${subscription.name.toUpperCase()}/${date}/${randomUUID()}.json`;
    const body = JSON.stringify(pending.map((one) => deadLetter(subscription, one)));
    await this.storage.putBlob(account.name, place.container, blob, body);
    return blob;
  }

  private checkRight(
    { topicId }: EventSubscription,
    { accountId, container, identity }: DeadLetterPlace,
  ): void {
    if (identity === undefined) {
      const account = this.resources.get(accountId);
      if (at(account?.body, "properties", "allowSharedKeyAccess") !== false) return;
      throw new Error(
        "the account takes no keys, and the subscription names no identity for its dead letters",
      );
    }
    const principal = this.directory.principalOfResource(identity.userAssigned ?? topicId);
    const scope = `${accountId}/blobServices/default/containers/${container}`;
    const action = "Microsoft.Storage/storageAccounts/blobServices/containers/blobs/write";
    if (principal && this.access.assignmentFor(principal.id, action, scope, "data")) return;
    throw new Error(`the topic's identity has no role to write blobs in ${container}`);
  }
}

/** The event as it would have been delivered, and why it was not. CloudEvents write attributes small. */
function deadLetter({ schema }: EventSubscription, pending: PendingEvent): JsonObject {
  const iso = (ms: number) => new Date(ms).toISOString();
  const { deadLetterReason = "", attempts, lastOutcome, lastStatus, publishedAt, lastAttemptAt } = pending;
  const why: JsonObject = {
    deadLetterReason,
    deliveryAttempts: attempts,
    ...(lastOutcome !== undefined && { lastDeliveryOutcome: lastOutcome }),
    ...(lastStatus !== undefined && { lastHttpStatusCode: lastStatus }),
    publishTime: iso(publishedAt),
    ...(lastAttemptAt !== undefined && { lastDeliveryAttemptTime: iso(lastAttemptAt) }),
  };
  const small = Object.fromEntries(Object.entries(why).map(([name, value]) => [name.toLowerCase(), value]));
  return { ...inSchema(schema, pending.event), ...(schema === "CloudEventSchemaV1_0" ? small : why) };
}
