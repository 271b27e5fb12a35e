import * as z from "zod";
import { TRIGGER } from "../reading/gitlab";
import { cisGitlab } from "../references";
import { stackRule } from "../rule";

export const rule = stackRule({
  name: "gitlab-trigger-few",
  title: "A project has few trigger tokens",
  why: "Each is a way in that no login guards. Two are needed while one is replaced by another.",
  remedy: "Take the old name out of `sopsloop:gitlab.triggers` once nothing uses its token.",
  severity: "medium",
  references: [cisGitlab("2.3.5")],
  types: [TRIGGER],
  limits: z.strictObject({
    maxTokens: z.number().int().min(1).default(2).describe("Tokens that a project may have at once."),
  }),
  *check(trigger, stack, { maxTokens }) {
    const project = trigger.text("project");
    const all = stack.ofType(TRIGGER).filter((each) => each.text("project") === project);
    // Told once, of the first one that is too many.
    if (all[maxTokens]?.urn === trigger.urn)
      yield `is one of ${all.length} trigger tokens of project ${project}, and ${maxTokens} are allowed; take those away that nothing uses`;
  },
});
