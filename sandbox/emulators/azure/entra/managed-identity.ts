import { randomUUID, timingSafeEqual } from "node:crypto";
import { type Context, Hono } from "hono";
import type { Core } from "../core";
import { objectAt, textAt } from "../json";
import type { Principal, Resource } from "../model";
import { tokenFor } from "./client-credentials";

/**
 * Tokens of managed identities, as programs on Azure fetch them from an address of their own machine: App Service's form
 * (`IDENTITY_ENDPOINT`, `IDENTITY_HEADER`) and that of virtual machines, which a client can be led to by
 * `AZURE_POD_IDENTITY_AUTHORITY_HOST`.
 */
export function managedIdentity(core: Core): Hono {
  const app = new Hono();
  app.get("/msi/token", async (c) => {
    const site = siteOf(core, c.req.header("x-identity-header") ?? "");
    if (site === undefined) return refused(c, 401, "The X-IDENTITY-HEADER is missing or wrong.");
    if (c.req.query("api-version") !== "2019-08-01")
      return refused(c, 400, "Unsupported api-version; 2019-08-01 is the one.");
    const principal = chosen(c, identitiesOf(core, site), ownIdentityOf(core, site));
    if (principal === undefined)
      return refused(
        c,
        400,
        "No User Assigned or Delegated Managed Identity found for specified ClientId/ResourceId/PrincipalId.",
      );
    const { resource, issued } = await issue(c, core, principal);
    return c.json({
      access_token: issued.token,
      client_id: principal.appId,
      expires_on: String(issued.expiresOn),
      resource,
      token_type: "Bearer",
    });
  });
  app.get("/metadata/identity/oauth2/token", async (c) => {
    const error = (text: string) => c.json({ error: "invalid_request", error_description: text }, 400);
    if (c.req.header("metadata") !== "true") return error("Required metadata header not specified");
    const all = core.store.tables.machineIdentities.map((id) => core.directory.principalOfResource(id));
    const known = all.filter((one) => one !== undefined);
    const principal = chosen(c, known, known.length === 1 ? known[0] : undefined);
    if (principal === undefined) return error("Identity not found");
    const { resource, issued } = await issue(c, core, principal);
    return c.json({
      access_token: issued.token,
      client_id: principal.appId,
      expires_in: String(issued.expiresIn),
      expires_on: String(issued.expiresOn),
      ext_expires_in: String(issued.expiresIn),
      not_before: String(issued.expiresOn - issued.expiresIn),
      resource,
      token_type: "Bearer",
    });
  });
  return app;
}

/** Identities that a resource was given besides its own. */
export function identitiesOf(core: Core, { body }: Resource): Principal[] {
  const ids = Object.keys(objectAt(body, "identity", "userAssignedIdentities"));
  return ids.map((id) => core.directory.principalOfResource(id)).filter((one) => one !== undefined);
}

/** The identity that a resource has of its own. */
export function ownIdentityOf(core: Core, { id, body }: Resource): Principal | undefined {
  const own = /SystemAssigned/i.test(textAt(body, "identity", "type") ?? "");
  return own ? core.directory.principalOfResource(id) : undefined;
}

async function issue(c: Context, core: Core, principal: Principal) {
  const resource = c.req.query("resource") ?? "";
  return { resource, issued: await tokenFor(core, principal, resource, "identity") };
}

function chosen(
  c: Context,
  known: readonly Principal[],
  otherwise: Principal | undefined,
): Principal | undefined {
  const client = c.req.query("client_id");
  const object = c.req.query("principal_id") ?? c.req.query("object_id");
  const resource = c.req.query("mi_res_id") ?? c.req.query("msi_res_id");
  if (client === undefined && object === undefined && resource === undefined) return otherwise;
  return known.find(
    (one) =>
      one.appId === client ||
      one.id === object ||
      (resource !== undefined && one.resourceId?.toLowerCase() === resource.toLowerCase()),
  );
}

function siteOf(core: Core, header: string): Resource | undefined {
  const given = Buffer.from(header);
  return core.resources.ofType("Microsoft.Web/sites").find(({ hidden }) => {
    const secret = Buffer.from(textAt(hidden, "identityHeader") ?? "");
    return secret.length > 0 && secret.length === given.length && timingSafeEqual(secret, given);
  });
}

function refused(c: Context, status: 400 | 401, message: string) {
  return c.json({ StatusCode: status, Message: message, CorrelationId: randomUUID() }, status);
}
