import { createHash, timingSafeEqual } from "node:crypto";
import { Hono } from "hono";
import { z } from "zod";
import type { Core } from "../core";
import { siteEnvironment } from "../site-environment";
import { AdminRefusal, bodyOf } from "./request";

const advance = z.strictObject({
  seconds: z
    .number()
    .min(0)
    .max(20 * 366 * 24 * 60 * 60),
});
const switches = z.strictObject({
  copies: z.number().int().min(1).max(1_000).optional(),
  parallel: z.number().int().min(1).max(1_000).optional(),
  shuffle: z.boolean().optional(),
  drop: z.boolean().optional(),
  hold: z.boolean().optional(),
  roleAssignmentDelay: z.number().min(0).optional(),
  tokensOnMachineClock: z.boolean().optional(),
});
const site = z.strictObject({ address: z.url(), ca: z.string().optional() });
const issuer = z.strictObject({ issuer: z.url(), address: z.url().optional(), ca: z.string().optional() });
const application = z.strictObject({
  displayName: z.string().min(1),
  appId: z.guid().optional(),
  identifierUris: z.array(z.string()).optional(),
  roles: z.array(z.string()).optional(),
  owners: z.array(z.guid()).optional(),
  tokenVersion: z.literal([1, 2]).optional(),
});
const role = z.strictObject({ principalId: z.guid(), role: z.string() });
const federated = z.strictObject({
  name: z.string(),
  issuer: z.url(),
  subject: z.string(),
  audience: z.string(),
});

/** What only the emulator has: its clock, its switches, what Microsoft Graph would do. For those who hold its token. */
export function admin(core: Core, address: () => string, token: string): Hono {
  const app = new Hono();
  app.use(async (c, next) => {
    const given = /^Bearer (\S+)$/i.exec(c.req.header("authorization") ?? "")?.[1] ?? "";
    if (!timingSafeEqual(digest(given), digest(token)))
      throw new AdminRefusal(401, "the admin token is missing or wrong");
    await next();
    core.store.changed();
  });
  app.get("/clock", (c) => c.json({ now: core.clock.isoNow() }));
  app.post("/clock/advance", async (c) => {
    await core.clock.advance((await bodyOf(c, advance)).seconds * 1_000);
    return c.json({ now: core.clock.isoNow() });
  });
  app.post("/drain", async (c) => {
    await core.clock.drain();
    return c.json({ now: core.clock.isoNow() });
  });
  app.get("/deliveries", (c) => c.json(core.store.tables.deliveries));
  app.get("/pending", (c) => c.json(core.store.tables.pendingEvents));
  app.get("/switches", (c) => c.json(core.store.tables.switches));
  app.patch("/switches", async (c) => {
    const wanted = Object.entries(await bodyOf(c, switches)).filter(([, value]) => value !== undefined);
    return c.json(Object.assign(core.store.tables.switches, Object.fromEntries(wanted)));
  });
  app.put("/sites/:name", async (c) => {
    const { address: where, ca } = await bodyOf(c, site);
    try {
      core.sites.register({ site: c.req.param("name"), address: where, ...(ca !== undefined && { ca }) });
    } catch (error) {
      throw new AdminRefusal(400, error instanceof Error ? error.message : String(error));
    }
    return c.json({ site: c.req.param("name"), address: where });
  });
  app.get("/sites/:name/environment", (c) => {
    const resource = core.sites.resource(c.req.param("name"));
    if (resource === undefined) throw new AdminRefusal(404, "there is no such site");
    return c.json(siteEnvironment(core, resource, address()));
  });
  app.put("/issuers", async (c) => {
    const { issuer: name, address: where, ca } = await bodyOf(c, issuer);
    core.federation.trust({
      issuer: name,
      ...(where !== undefined && { address: where }),
      ...(ca !== undefined && { ca }),
    });
    return c.json({ issuer: name });
  });
  app.put("/machine/identities", async (c) => {
    core.store.tables.machineIdentities = await bodyOf(c, z.array(z.string()));
    return c.json(core.store.tables.machineIdentities);
  });
  app.post("/signing-keys", (c) => {
    core.tokens.keys.roll();
    return c.json(core.tokens.keys.published(core.tokens.issuers[2]));
  });
  app.post("/applications", async (c) => {
    const { appId, identifierUris, roles, owners, tokenVersion, displayName } = await bodyOf(c, application);
    const { application: made, principal } = core.directory.addApplication({
      displayName,
      ...(appId !== undefined && { appId }),
      ...(identifierUris && { identifierUris }),
      ...(roles && { roles }),
      ...(owners && { owners }),
      ...(tokenVersion !== undefined && { tokenVersion }),
    });
    return c.json({ appId: made.appId, objectId: made.objectId, principalId: principal.id }, 201);
  });
  app.post("/applications/:app/secrets", (c) => {
    const secret = core.directory.addSecret(known(core, c.req.param("app")));
    return c.json({ secret }, 201);
  });
  app.delete("/applications/:app/secrets", (c) => {
    known(core, c.req.param("app")).secrets = [];
    return c.body(null, 204);
  });
  app.post("/applications/:app/federated", async (c) => {
    const credential = await bodyOf(c, federated);
    known(core, c.req.param("app")).federated.push(credential);
    return c.json(credential, 201);
  });
  app.post("/applications/:app/role-assignments", async (c) => {
    const { appId, roles } = known(core, c.req.param("app"));
    const wanted = await bodyOf(c, role);
    const principal = core.directory.principal(wanted.principalId);
    if (principal === undefined) throw new AdminRefusal(404, "there is no such principal");
    if (!roles.includes(wanted.role))
      throw new AdminRefusal(400, `the application has no role ${wanted.role}`);
    principal.appRoles.push({ appId, role: wanted.role });
    return c.json(wanted, 201);
  });
  app.get("/principals/:app", (c) => {
    const principal = core.directory.principalOfApp(c.req.param("app"));
    if (principal === undefined) throw new AdminRefusal(404, "there is no such principal");
    return c.json({ principalId: principal.id, appId: principal.appId });
  });
  app.onError((error, c) => {
    if (error instanceof AdminRefusal) return c.json({ error: error.message }, error.status);
    process.stderr.write(`${c.req.method} ${c.req.path}: ${error.stack}\n`);
    return c.json({ error: "failure inside the emulator" }, 500);
  });
  return app;
}

function known(core: Core, appId: string) {
  const found = core.directory.application(appId);
  if (found) return found;
  throw new AdminRefusal(404, "there is no such application");
}

function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
