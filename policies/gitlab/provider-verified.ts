import { isPrivateUrl, originOf } from "../reading/urls";
import { resourceRule } from "../rule";

export const rule = resourceRule({
  name: "gitlab-provider-verified",
  title: "Pulumi talks to the genuine GitLab, over TLS, with a token that is not in the state",
  why: "That token may change protections, variables and files. Whoever stands in between, or has a copy of the state, has it.",
  remedy:
    "Use https in `baseUrl`, name a private CA in `cacertFile`, leave `insecure` and `token` out: the plugin reads GITLAB_TOKEN by itself.",
  severity: "critical",
  types: ["pulumi:providers:gitlab"],
  *check(provider) {
    const url = provider.text("baseUrl");
    if (url && !isPrivateUrl(url)) yield `talks to ${originOf(url)} in the clear; use https in baseUrl`;
    if (provider.flag("insecure") === true)
      yield "believes any certificate; leave insecure out and name the CA in cacertFile";
    if (provider.has("token"))
      yield "is given GitLab's token, which is then kept in the state; leave token out, GITLAB_TOKEN is read by the plugin itself";
  },
});
