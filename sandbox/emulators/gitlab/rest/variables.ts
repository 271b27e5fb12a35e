import { Hono } from "hono";
import { z } from "zod";
import { type Json, ROLE, type Variable } from "../model";
import { invalid, notFound, Refusal } from "./refusal";
import { type Ask, type Env, flag, page, paramsOf, projectOf } from "./request";

const about = {
  variable_type: z.enum(["env_var", "file"]).optional(),
  protected: flag.optional(),
  masked: flag.optional(),
  raw: flag.optional(),
  environment_scope: z.string().optional(),
  description: z.string().nullable().optional(),
};
const creation = z.object({
  key: z.string(),
  value: z.string(),
  masked_and_hidden: flag.optional(),
  ...about,
});
const change = z.object({ value: z.string().optional(), ...about });

/** Characters that a trace can be searched for; a raw value may have any but blanks. */
const MASKABLE = /^[\w+=/@:.~-]{8,}$/;
const MASKABLE_RAW = /^\S{8,}$/;

/** A project's variables. */
export const variables = new Hono<Env>()
  .get("/projects/:id/variables", (c) => {
    const { id } = projectOf(c, ROLE.maintainer);
    const all = c.get("core").store.tables.variables.filter(({ projectId }) => projectId === id);
    return page(c, all.map(variableJson));
  })
  .post("/projects/:id/variables", async (c) => {
    const { id: projectId } = projectOf(c, ROLE.maintainer);
    const wanted = await paramsOf(c, creation);
    const { tables } = c.get("core").store;
    const environmentScope = wanted.environment_scope ?? "*";
    const { key } = wanted;
    if (!/^\w{1,255}$/.test(key)) throw invalid({ key: ["can contain only letters, digits and '_'."] });
    const taken = tables.variables.some(
      (one) => one.projectId === projectId && one.key === key && one.environmentScope === environmentScope,
    );
    if (taken) throw invalid({ key: [`(${key}) has already been taken`] });
    const hidden = wanted.masked_and_hidden ?? false;
    const variable: Variable = {
      projectId,
      key,
      environmentScope,
      hidden,
      value: wanted.value,
      variableType: wanted.variable_type ?? "env_var",
      protected: wanted.protected ?? false,
      masked: hidden || (wanted.masked ?? false),
      raw: wanted.raw ?? false,
      description: wanted.description ?? null,
    };
    checkMask(variable);
    tables.variables.push(variable);
    return c.json(variableJson(variable), 201);
  })
  .get("/projects/:id/variables/:key", (c) => c.json(variableJson(variableOf(c))))
  .put("/projects/:id/variables/:key", async (c) => {
    const variable = variableOf(c);
    const wanted = await paramsOf(c, change);
    const { tables } = c.get("core").store;
    const next: Variable = {
      ...variable,
      value: wanted.value ?? variable.value,
      variableType: wanted.variable_type ?? variable.variableType,
      protected: wanted.protected ?? variable.protected,
      masked: variable.hidden || (wanted.masked ?? variable.masked),
      raw: wanted.raw ?? variable.raw,
      environmentScope: wanted.environment_scope ?? variable.environmentScope,
      description: wanted.description === undefined ? variable.description : wanted.description,
    };
    checkMask(next);
    tables.variables[tables.variables.indexOf(variable)] = next;
    return c.json(variableJson(next));
  })
  .delete("/projects/:id/variables/:key", (c) => {
    const variable = variableOf(c);
    const { tables } = c.get("core").store;
    tables.variables = tables.variables.filter((one) => one !== variable);
    return c.body(null, 204);
  });

function checkMask({ masked, raw, value }: Variable): void {
  if (masked && !(raw ? MASKABLE_RAW : MASKABLE).test(value)) throw invalid({ value: ["is invalid"] });
}

/** A key may be there once for each environment scope, and then the scope has to be told. */
function variableOf(c: Ask): Variable {
  const { id } = projectOf(c, ROLE.maintainer);
  const scope = c.req.query("filter[environment_scope]");
  const found = c
    .get("core")
    .store.tables.variables.filter(
      (one) =>
        one.projectId === id &&
        one.key === c.req.param("key") &&
        (scope === undefined || one.environmentScope === scope),
    );
  if (found.length > 1)
    throw new Refusal(409, {
      message:
        "There are multiple variables with provided parameters. Please use 'filter[environment_scope]'",
    });
  const [only] = found;
  if (!only) throw notFound("Variable");
  return only;
}

function variableJson(variable: Variable): Json {
  const { key, value, variableType, masked, raw, hidden, environmentScope, description } = variable;
  return {
    key,
    value: hidden ? null : value,
    variable_type: variableType,
    protected: variable.protected,
    masked,
    hidden,
    raw,
    environment_scope: environmentScope,
    description,
  };
}
