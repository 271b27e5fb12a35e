import { HOOK } from "../reading/gitlab";
import { isPrivateUrl } from "../reading/urls";
import { cisGitlab } from "../references";
import { resourceRule } from "../rule";

export const rule = resourceRule({
  name: "gitlab-hook-verified",
  title: "A webhook goes to the genuine server, over TLS, with a token",
  why: "On the way anybody could read the token and the address, and make Flux reconcile at will.",
  remedy: "Use https in `url`, leave `enableSslVerification` at true and set `token`.",
  severity: "high",
  references: [cisGitlab("4.3.4"), cisGitlab("1.4.4")],
  types: [HOOK],
  *check(hook) {
    // The address is not told: its path is a secret.
    const url = hook.text("url") ?? "";
    if (!isPrivateUrl(url)) yield "goes over the wire in the clear; use https in url";
    if (hook.flag("enableSslVerification") === false)
      yield "believes any certificate; set enableSslVerification to true";
    if (!hook.has("token") && !hook.has("signingToken"))
      yield "has no token for the receiver to know it by; set token";
  },
});
