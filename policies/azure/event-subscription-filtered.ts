import { EVENT_SUBSCRIPTIONS } from "../reading/azure";
import { resourceRule } from "../rule";

export const rule = resourceRule({
  name: "azure-event-subscription-filtered",
  title: "A subscription is for one kind of event of one key",
  why: "By its beginning alone, sops also stands for sops-2; without a filter each secret of the vault starts a pipeline.",
  remedy: "Set `includedEventTypes`, and the key's name as both `subjectBeginsWith` and `subjectEndsWith`.",
  severity: "medium",
  types: EVENT_SUBSCRIPTIONS,
  *check(subscription) {
    const filter = subscription.at("filter");
    const types = filter.texts("includedEventTypes");
    if (types.length === 0 || types.includes("All"))
      yield "is for every kind of event; set filter.includedEventTypes";
    const begins = filter.text("subjectBeginsWith") ?? "";
    const ends = filter.text("subjectEndsWith") ?? "";
    if (begins === "" || begins !== ends)
      yield "is for more than one key; set filter.subjectBeginsWith and filter.subjectEndsWith to the key's name";
  },
});
