import type { Context } from "hono";
import { z } from "zod";
import type { Caller } from "../access/access";
import type { Core } from "../core";
import { type Json, type Project, ROLE } from "../model";
import { badRequest, forbidden, notFound, unauthorized } from "./refusal";

export interface Env {
  Variables: { core: Core; caller: Caller | undefined };
}

export type Ask = Context<Env>;

/** Who asks; 401 for nobody, and for a job on an endpoint that takes no job token. */
export function callerOf(c: Ask, jobs = false): Caller {
  const caller = c.get("caller");
  if (caller === undefined || (caller.job !== undefined && !jobs)) throw unauthorized();
  const reads = c.req.method === "GET" || c.req.method === "HEAD";
  const scopes = reads ? ["api", "read_api"] : ["api"];
  if (caller.job === undefined && !scopes.some((scope) => caller.scopes.includes(scope)))
    throw forbidden("insufficient_scope");
  return caller;
}

/** The project of the path; 404 for those who may not see it, 403 below the role that is asked for. */
export function projectOf(c: Ask, least: number = ROLE.reporter): Project {
  const { directory, access } = c.get("core");
  const caller = callerOf(c);
  const project = directory.project(c.req.param("id") ?? "");
  const role = project ? access.roleIn(project, caller.user) : ROLE.none;
  if (project === undefined || (role < ROLE.reporter && project.settings.visibility === "private"))
    throw notFound("Project");
  if (role < least) throw forbidden();
  return project;
}

/** A number in the path. */
export function numberOf(c: Ask, name: string): number {
  const text = c.req.param(name) ?? "";
  if (!/^\d+$/.test(text)) throw badRequest(`${name} is invalid`);
  return Number(text);
}

/** Parameters from body and query together, checked. Names of unknown ones are ignored, as GitLab does. */
export async function paramsOf<T extends z.ZodType>(c: Ask, schema: T): Promise<z.infer<T>> {
  const parsed = schema.safeParse({ ...nested(c.req.query()), ...(await bodyOf(c)) });
  if (parsed.success) return parsed.data;
  const reasons = parsed.error.issues.map((issue) => {
    const name = grapeName(issue.path);
    if (issue.code === "invalid_value") return `${name} does not have a valid value`;
    const missing = issue.code === "invalid_type" && issue.message.includes("received undefined");
    if (issue.code === "custom") return `${name} ${issue.message}`;
    return missing ? `${name} is missing` : `${name} is invalid`;
  });
  throw badRequest([...new Set(reasons)].join(", "));
}

/** The request's body as JSON, a form or a multipart form; `{}` without one. */
export async function bodyOf(c: Ask): Promise<Record<string, unknown>> {
  const type = c.req.header("content-type") ?? "";
  if (type.includes("json")) {
    const text = await c.req.text();
    if (text.trim() === "") return {};
    let parsed: unknown;
    try {
      parsed = JSON.parse(text);
    } catch {
      throw badRequest("The provided content-type 'application/json' has an invalid body");
    }
    return typeof parsed === "object" && parsed !== null ? (parsed as Record<string, unknown>) : {};
  }
  if (type.includes("form")) return nested(await c.req.parseBody());
  return {};
}

/** A page of a list, with GitLab's headers about the others. */
export function page(c: Ask, items: readonly Json[]) {
  const size = Math.min(100, positive(c.req.query("per_page"), 20));
  const number = positive(c.req.query("page"), 1);
  const pages = Math.max(1, Math.ceil(items.length / size));
  c.header("x-total", String(items.length));
  c.header("x-total-pages", String(pages));
  c.header("x-page", String(number));
  c.header("x-per-page", String(size));
  c.header("x-prev-page", number > 1 ? String(number - 1) : "");
  c.header("x-next-page", number < pages ? String(number + 1) : "");
  const next = new URL(c.req.url);
  next.searchParams.set("page", String(number + 1));
  if (number < pages) c.header("link", `<${next.href}>; rel="next"`);
  return c.json(items.slice((number - 1) * size, number * size));
}

function truthOf(value: unknown): boolean {
  return value === true || value === "true" || value === "1";
}

/** A truth value as JSON or in a form. */
export const flag = z.preprocess(
  (value) => (typeof value === "string" ? truthOf(value) : value),
  z.boolean(),
);
/** A whole number as JSON or in a form. */
export const integer = z.preprocess(
  (value) => (typeof value === "string" && /^-?\d+$/.test(value) ? Number(value) : value),
  z.number().int(),
);

function positive(text: string | undefined, otherwise: number): number {
  const number = Number(text);
  return Number.isInteger(number) && number > 0 ? number : otherwise;
}

function grapeName([first, ...rest]: readonly PropertyKey[]): string {
  return `${String(first ?? "params")}${rest.map((part) => `[${String(part)}]`).join("")}`;
}

/** `filter[environment_scope]=…` and `variables[][key]=…` of forms and queries, as objects and lists. */
function nested(flat: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const result: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(flat)) {
    const [, first = name, inner] = /^(\w+)\[([\w-]+)\]$/.exec(name) ?? [];
    if (inner === undefined) result[name.replace(/\[\]$/, "")] = value;
    else result[first] = { ...((result[first] as object | undefined) ?? {}), [inner]: value };
  }
  return result;
}
