import { TRIGGER } from "../reading/gitlab";
import { cisGitlab } from "../references";
import { resourceRule } from "../rule";

export const rule = resourceRule({
  name: "gitlab-trigger-described",
  title: "A trigger token says who uses it",
  why: "It acts as its owner and never ends. One that says nothing is never taken away.",
  remedy: "Set `description` to what holds the token.",
  severity: "low",
  references: [cisGitlab("2.3.5")],
  types: [TRIGGER],
  *check(trigger) {
    if (!trigger.has("description"))
      yield "does not say who uses it; set description to what holds the token";
  },
});
