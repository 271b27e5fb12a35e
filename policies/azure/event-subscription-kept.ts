import { EVENT_SUBSCRIPTIONS } from "../reading/azure";
import { resourceRule } from "../rule";

export const rule = resourceRule({
  name: "azure-event-subscription-kept",
  title: "An event that nobody took is tried again, and kept",
  why: "Event Grid drops an event for good after a refusal, or after a day.",
  remedy: "Set `retryPolicy`, and a dead letter container by `deadLetterWithResourceIdentity`.",
  severity: "high",
  types: EVENT_SUBSCRIPTIONS,
  *check(subscription) {
    if (!subscription.has("deadLetterWithResourceIdentity")) {
      yield subscription.has("deadLetterDestination")
        ? "keeps what nobody took by a storage key; use deadLetterWithResourceIdentity"
        : "drops what nobody took; set deadLetterWithResourceIdentity";
    }
    const minutes = subscription.number("retryPolicy.eventTimeToLiveInMinutes") ?? 1440;
    const attempts = subscription.number("retryPolicy.maxDeliveryAttempts") ?? 30;
    if (minutes < 60 || attempts < 10)
      yield `gives up after ${attempts} attempts or ${minutes} minutes; set retryPolicy to at least 10 attempts and 60 minutes`;
  },
});
