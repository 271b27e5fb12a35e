import * as z from "zod";
import { JOB_TOKEN_SCOPE } from "../reading/gitlab";
import { stackRule } from "../rule";

export const rule = stackRule({
  name: "gitlab-job-token-scope-named",
  title: "A project lets in the jobs of few named projects, and of no whole group",
  why: "Whoever may make a project in that group starts jobs that reach this one.",
  remedy: "Use `targetProjectId`, one for each project.",
  severity: "high",
  types: [JOB_TOKEN_SCOPE],
  limits: z.strictObject({
    maxProjects: z.number().int().min(0).default(5).describe("Projects that one project may let in."),
  }),
  *check(scope, stack, { maxProjects }) {
    if (scope.has("targetGroupId")) yield "lets in the jobs of a whole group; set targetProjectId instead";
    const project = scope.text("project");
    const all = stack.ofType(JOB_TOKEN_SCOPE).filter((each) => each.text("project") === project);
    if (all[maxProjects]?.urn === scope.urn)
      yield `is one of ${all.length} projects that ${project} lets in, and ${maxProjects} are allowed; take those out that it does not need`;
  },
});
