import { EVENT_SUBSCRIPTIONS } from "../reading/azure";
import { resourceRule } from "../rule";
import type { Reader } from "../values/reader";

export const rule = resourceRule({
  name: "azure-event-subscription-authenticated",
  title: "A webhook of Event Grid is told by TLS and a login that it is genuine",
  why: "Events are not signed. Whoever knows the address could start pipelines, and a secret in the address stands in every log on the way.",
  remedy:
    "Use https without a query, `minimumTlsVersionAllowed` 1.2, and an Entra application or a delivery attribute with `isSecret`.",
  severity: "high",
  types: EVENT_SUBSCRIPTIONS,
  *check(subscription) {
    const destination = subscription.at("destination");
    if (destination.text("endpointType") !== "WebHook") return;
    // The address is not told: it may hold a secret.
    const url = destination.text("endpointUrl") ?? "";
    if (!url.startsWith("https://"))
      yield "goes over the wire in the clear; use https in destination.endpointUrl";
    if (url.includes("?"))
      yield "has a query in its address, which logs keep; hand the secret over as a delivery attribute";
    const tls = destination.text("minimumTlsVersionAllowed") ?? "unsaid";
    if (!["1.2", "1.3"].includes(tls))
      yield `takes TLS ${tls}; set destination.minimumTlsVersionAllowed to 1.2`;
    if (!destination.has("azureActiveDirectoryApplicationIdOrUri") && !hasSecretHeader(destination))
      yield "has nothing for its receiver to know it by; set azureActiveDirectoryApplicationIdOrUri, or a delivery attribute with isSecret";
    for (const header of destination.list("deliveryAttributeMappings"))
      if (header.text("type") === "Static" && header.flag("isSecret") !== true)
        yield `shows the value of its header ${header.text("name") ?? ""} to whoever may look; set isSecret to true`;
  },
});

function hasSecretHeader(destination: Reader): boolean {
  return destination.list("deliveryAttributeMappings").some((header) => header.flag("isSecret") === true);
}
