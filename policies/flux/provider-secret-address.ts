import { PROVIDER } from "../reading/flux";
import { isPrivateUrl, originOf } from "../reading/urls";
import { resourceRule } from "../rule";

/** Webhooks whose address is the whole credential. */
const WEBHOOKS = [
  "slack",
  "msteams",
  "discord",
  "rocket",
  "googlechat",
  "generic",
  "generic-hmac",
  "telegram",
];

export const rule = resourceRule({
  name: "flux-provider-secret-address",
  title: "A webhook's address is a Secret",
  why: "Whoever has the address writes to the channel. In `spec.address` it can be read by all who may look at Flux's objects.",
  remedy: "Put it under `address` into a Secret and name that in `spec.secretRef`.",
  severity: "high",
  types: [PROVIDER],
  *check(provider) {
    const type = provider.text("spec.type") ?? "";
    const address = provider.text("spec.address");
    if (address === undefined) return;
    if (WEBHOOKS.includes(type))
      yield "has its webhook in spec.address; put it into the Secret that spec.secretRef names";
    if (URL.canParse(address) && !isPrivateUrl(address))
      yield `writes in the clear to ${originOf(address)}; use https`;
  },
});
