import { isPrivateUrl, originOf } from "../reading/urls";
import { resourceRule } from "../rule";

export const rule = resourceRule({
  name: "vault-provider-verified",
  title: "Pulumi talks to the genuine Vault, over TLS",
  why: "Its token may change keys, policies and roles. Whoever stands in between has it.",
  remedy: "Use https in `address`, name a private CA in `caCertFile`, and leave `skipTlsVerify` out.",
  severity: "critical",
  types: ["pulumi:providers:vault"],
  *check(provider) {
    const address = provider.text("address");
    if (address && !isPrivateUrl(address))
      yield `talks to ${originOf(address)} in the clear; use https in address`;
    if (provider.flag("skipTlsVerify") === true)
      yield "believes any certificate; leave skipTlsVerify out and name the CA in caCertFile";
  },
});
