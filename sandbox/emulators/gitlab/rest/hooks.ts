import { Hono } from "hono";
import { z } from "zod";
import { type Hook, type Json, ROLE } from "../model";
import { Repository } from "../repository/repository";
import { invalid, notFound, Refusal } from "./refusal";
import { type Ask, type Env, flag, numberOf, page, paramsOf, projectOf } from "./request";

const EVENTS = [
  "confidential_issues_events",
  "confidential_note_events",
  "deployment_events",
  "emoji_events",
  "feature_flag_events",
  "issues_events",
  "job_events",
  "merge_requests_events",
  "milestone_events",
  "note_events",
  "pipeline_events",
  "push_events",
  "releases_events",
  "repository_update_events",
  "resource_access_token_events",
  "tag_push_events",
  "vulnerability_events",
  "wiki_page_events",
] as const;

const pairs = z.array(z.object({ key: z.string(), value: z.string().optional() }));
const settings = {
  ...Object.fromEntries(EVENTS.map((event) => [event, flag.optional()])),
  name: z.string().nullable().optional(),
  description: z.string().nullable().optional(),
  token: z.string().optional(),
  signing_token: z.string().optional(),
  push_events_branch_filter: z.string().nullable().optional(),
  branch_filter_strategy: z.enum(["wildcard", "regex", "all_branches"]).optional(),
  enable_ssl_verification: flag.optional(),
  custom_webhook_template: z.string().nullable().optional(),
  custom_headers: pairs.optional(),
  url_variables: pairs.optional(),
};
const creation = z.object({ url: z.string(), ...settings });
const change = z.object({ url: z.string().optional(), ...settings });

const DEFAULTS: Readonly<Record<string, Json>> = {
  ...Object.fromEntries(EVENTS.map((event) => [event, false])),
  name: null,
  description: null,
  push_events: true,
  push_events_branch_filter: "",
  branch_filter_strategy: "wildcard",
  enable_ssl_verification: true,
  custom_webhook_template: null,
  custom_headers: [],
  url_variables: [],
};
const SIGNING_KEY = /^whsec_[A-Za-z0-9+/]{43}=$/;

/** A project's webhooks. */
export const hooks = new Hono<Env>()
  .get("/projects/:id/hooks", (c) => {
    const { id } = projectOf(c, ROLE.maintainer);
    const all = c.get("core").store.tables.hooks.filter(({ projectId }) => projectId === id);
    return page(c, all.map(hookJson));
  })
  .post("/projects/:id/hooks", async (c) => {
    const { id: projectId } = projectOf(c, ROLE.maintainer);
    const wanted = await paramsOf(c, creation);
    const { store } = c.get("core");
    const next = checked({ ...DEFAULTS, ...(wanted as Record<string, Json>) });
    const hook: Hook = { id: store.nextId(), projectId, createdAt: new Date().toISOString(), settings: next };
    store.tables.hooks.push(hook);
    return c.json(hookJson(hook), 201);
  })
  .get("/projects/:id/hooks/:hook", (c) => c.json(hookJson(hookOf(c))))
  .put("/projects/:id/hooks/:hook", async (c) => {
    const hook = hookOf(c);
    hook.settings = checked({ ...hook.settings, ...((await paramsOf(c, change)) as Record<string, Json>) });
    return c.json(hookJson(hook));
  })
  .delete("/projects/:id/hooks/:hook", (c) => {
    const hook = hookOf(c);
    const { tables } = c.get("core").store;
    tables.hooks = tables.hooks.filter((one) => one !== hook);
    return c.body(null, 204);
  })
  .get("/projects/:id/hooks/:hook/events", (c) => {
    const { id: hookId } = hookOf(c);
    const all = c.get("core").store.tables.deliveries.filter((one) => one.hookId === hookId);
    const told = all
      .toReversed()
      .map(({ id, trigger, at, status }): Json => ({ id, trigger, created_at: at, response_status: status }));
    return page(c, told);
  })
  .post("/projects/:id/hooks/:hook/test/:trigger", async (c) => {
    const hook = hookOf(c);
    if (c.req.param("trigger") !== "push_events")
      throw new Refusal(422, { message: "422 Unprocessable Entity" });
    const project = projectOf(c, ROLE.maintainer);
    const core = c.get("core");
    const branch = String(project.settings.default_branch);
    const sha = await new Repository(project.repository).commitOf(branch);
    if (sha === undefined) throw new Refusal(422, { message: "Ensure the project has at least one commit." });
    const status = await core.hooks.deliver(hook, {
      flag: "push_events",
      header: "Push Hook",
      body: { object_kind: "push", ref: `refs/heads/${branch}`, after: sha, project_id: project.id },
    });
    if (!/^2\d\d$/.test(status)) throw new Refusal(422, { message: status });
    return c.json({ message: "201 Created" }, 201);
  });

function checked(settings: Record<string, Json>): Record<string, Json> {
  const url = String(settings.url);
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol))
    throw invalid({ url: ["is blocked: Only allowed schemes are http, https"] });
  if (settings.signing_token !== undefined && !SIGNING_KEY.test(String(settings.signing_token)))
    throw invalid({ signing_token: ["must be in the format whsec_<base64>"] });
  return settings;
}

function hookOf(c: Ask): Hook {
  const project = projectOf(c, ROLE.maintainer);
  const id = numberOf(c, "hook");
  const found = c
    .get("core")
    .store.tables.hooks.find((hook) => hook.id === id && hook.projectId === project.id);
  if (!found) throw notFound("Hook");
  return found;
}

/** Secrets are left out: the token, the signing token, and the values of headers and URL variables. */
function hookJson({ id, projectId, createdAt, settings }: Hook): Json {
  const {
    token: _token,
    signing_token: signing,
    custom_headers: headers,
    url_variables: urls,
    ...rest
  } = settings;
  const url = namesIn(urls).reduce(
    (text, { key, value }) => (value ? text.replaceAll(value, `{${key}}`) : text),
    String(settings.url),
  );
  return {
    ...rest,
    id,
    project_id: projectId,
    created_at: createdAt,
    url,
    alert_status: "executable",
    disabled_until: null,
    signing_token_present: signing !== undefined,
    custom_headers: namesIn(headers).map(({ key }) => ({ key })),
    url_variables: namesIn(urls).map(({ key }) => ({ key })),
  };
}

function namesIn(list: Json | undefined): readonly { readonly key: string; readonly value?: string }[] {
  return Array.isArray(list) ? (list as { key: string; value?: string }[]) : [];
}
