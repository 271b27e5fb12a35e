import { Hono } from "hono";
import type { Core } from "../core";
import { PipelineRefused } from "../pipelines/pipeline-refused";
import { accessTokens } from "./access-tokens";
import { branches } from "./branches";
import { deployKeys } from "./deploy-keys";
import { files } from "./files";
import { hooks } from "./hooks";
import { jobTokenScope } from "./job-token-scope";
import { jobs } from "./jobs";
import { mergeRequests } from "./merge-requests";
import { notes } from "./notes";
import { pipelines } from "./pipelines";
import { projects } from "./projects";
import { protectedBranches } from "./protected-branches";
import { Refusal } from "./refusal";
import type { Env } from "./request";
import { schedules } from "./schedules";
import { triggers } from "./triggers";
import { users } from "./users";
import { variables } from "./variables";

/** The REST API, and what every GitLab publishes about its keys. */
export function restApi(core: Core): Hono<Env> {
  const app = new Hono<Env>();
  app.use(async (c, next) => {
    c.set("core", core);
    c.set("caller", undefined);
    const bearer = /^Bearer (.+)$/i.exec(c.req.header("authorization") ?? "")?.[1];
    const token = c.req.header("private-token") ?? c.req.header("job-token") ?? bearer;
    if (token !== undefined) {
      const caller = core.access.callerOf(token);
      if (caller === undefined) return c.json({ message: "401 Unauthorized" }, 401);
      c.set("caller", caller);
    }
    await next();
    core.store.changed();
  });
  app.get("/.well-known/openid-configuration", (c) => c.json(core.issuer.configuration));
  app.get("/oauth/discovery/keys", (c) => c.json(core.issuer.keys));
  for (const part of [
    users,
    accessTokens,
    projects,
    triggers,
    schedules,
    variables,
    hooks,
    protectedBranches,
    deployKeys,
    jobTokenScope,
    branches,
    files,
    mergeRequests,
    notes,
    pipelines,
    jobs,
  ])
    app.route("/api/v4", part);
  app.notFound((c) => c.json({ error: "404 Not Found" }, 404));
  app.onError((error, c) => {
    if (error instanceof Refusal) return c.json(error.body, error.status as 400);
    if (error instanceof PipelineRefused) return c.json({ message: { base: [error.message] } }, 400);
    process.stderr.write(`${c.req.method} ${c.req.path}: ${error.stack}\n`);
    return c.json({ message: "500 Internal Server Error" }, 500);
  });
  return app;
}
