import { Hono } from "hono";
import { z } from "zod";
import { backupOf, restoredFrom } from "./backup";
import { deletedKey, keyBundle, keyItem, newestOf } from "./bundles";
import type { KeyVersion } from "./model";
import { operate } from "./operations";
import { attributesSchema, bodyOf, page, require, tagsSchema, type VaultAsk, type VaultEnv } from "./request";
import { policySchema, shownPolicy } from "./rotation-policy";

const creation = z.object({
  kty: z.string(),
  key_size: z.number().int().optional(),
  public_exponent: z.number().int().optional(),
  key_ops: z.array(z.string()).optional(),
  attributes: attributesSchema.optional(),
  tags: tagsSchema.optional(),
});
const change = z.object({
  key_ops: z.array(z.string()).optional(),
  attributes: attributesSchema.optional(),
  tags: tagsSchema.optional(),
});
const backup = z.object({ value: z.string() });

/** Keys, and what is done with them. */
export const keyRoutes = new Hono<VaultEnv>()
  .get("/keys", (c) => {
    require(c, { dataAction: "keys/read", kind: "keys", permission: "list" });
    const vault = c.get("vault");
    const all = c.get("core").keys.in(vault.key);
    return page(
      c,
      all.map((key) => keyItem(vault, key.name, newestOf(key), false)),
    );
  })
  .post("/keys/restore", async (c) => {
    require(c, { dataAction: "keys/restore/action", kind: "keys", permission: "restore" });
    const { name, versions } = restoredFrom(c.get("core").store, (await bodyOf(c, backup)).value);
    const key = c.get("core").keys.restore(c.get("vault"), name, versions);
    return c.json(keyBundle(c.get("vault"), name, newestOf(key)));
  })
  .post("/keys/:name/create", async (c) => {
    const name = allowed(c, "create/action", "create");
    const {
      kty,
      key_size: size,
      public_exponent: exponent,
      key_ops: ops,
      ...rest
    } = await bodyOf(c, creation);
    const version = await c
      .get("core")
      .keys.create(c.get("vault"), name, { kty, size, exponent, ops, ...rest });
    return shown(c, name, version);
  })
  .post("/keys/:name/rotate", async (c) => {
    const name = allowed(c, "rotate/action", "rotate");
    return shown(c, name, await c.get("core").keys.rotate(c.get("vault"), name));
  })
  .post("/keys/:name/backup", (c) => {
    const name = allowed(c, "backup/action", "backup");
    return c.json({ value: backupOf(c.get("core").store, c.get("core").keys.get(c.get("vault"), name)) });
  })
  .get("/keys/:name/rotationpolicy", (c) => {
    const name = policyAllowed(c, "read", "getrotationpolicy");
    return policy(c, name);
  })
  .put("/keys/:name/rotationpolicy", async (c) => {
    const name = policyAllowed(c, "write", "setrotationpolicy");
    c.get("core").keys.setPolicy(c.get("vault"), name, await bodyOf(c, policySchema));
    return policy(c, name);
  })
  .get("/keys/:name/versions", (c) => {
    const name = allowed(c, "read", "list");
    const key = c.get("core").keys.get(c.get("vault"), name);
    return page(
      c,
      key.versions.map((version) => keyItem(c.get("vault"), key.name, version, true)),
    );
  })
  .get("/keys/:name/:version?", (c) => {
    const name = allowed(c, "read", "get");
    return shown(c, name, c.get("core").keys.version(c.get("vault"), name, c.req.param("version")));
  })
  .patch("/keys/:name/:version?", async (c) => {
    const name = allowed(c, "update/action", "update");
    const { key_ops: ops, attributes, tags } = await bodyOf(c, change);
    const { keys } = c.get("core");
    const version = keys.update(c.get("vault"), name, c.req.param("version"), { ops, attributes, tags });
    return shown(c, name, version);
  })
  .post("/keys/:name/:version/:operation", operate)
  .post("/keys/:name/:operation", operate)
  .delete("/keys/:name", (c) => {
    const name = allowed(c, "delete", "delete");
    return c.json(deletedKey(c.get("vault"), c.get("core").keys.delete(c.get("vault"), name)));
  })
  .get("/deletedkeys", (c) => {
    require(c, { dataAction: "keys/read", kind: "keys", permission: "list" });
    const vault = c.get("vault");
    const all = c.get("core").keys.binOf(vault.key);
    return page(
      c,
      all.map((key) => deletedKey(vault, key, true)),
    );
  })
  .get("/deletedkeys/:name", (c) => {
    const name = allowed(c, "read", "get");
    return c.json(deletedKey(c.get("vault"), c.get("core").keys.deleted(c.get("vault"), name)));
  })
  .post("/deletedkeys/:name/recover", (c) => {
    const name = allowed(c, "recover/action", "recover");
    return shown(c, name, newestOf(c.get("core").keys.recover(c.get("vault"), name)));
  })
  .delete("/deletedkeys/:name", (c) => {
    const name = allowed(c, "purge/action", "purge");
    c.get("core").keys.purge(c.get("vault"), name);
    return c.body(null, 204);
  });

function allowed(c: VaultAsk, action: string, permission: string): string {
  const name = c.req.param("name") ?? "";
  require(c, { dataAction: `keys/${action}`, kind: "keys", permission, name });
  return name;
}

function policyAllowed(c: VaultAsk, action: string, permission: string): string {
  const name = c.req.param("name") ?? "";
  require(c, { dataAction: `keyrotationpolicies/${action}`, kind: "keys", permission, name });
  return name;
}

function policy(c: VaultAsk, name: string) {
  const key = c.get("core").keys.get(c.get("vault"), name);
  return c.json({ id: `${c.get("vault").uri}/keys/${key.name}/rotationpolicy`, ...shownPolicy(key.policy) });
}

function shown(c: VaultAsk, name: string, version: KeyVersion) {
  const key = c.get("core").keys.get(c.get("vault"), name);
  return c.json(keyBundle(c.get("vault"), key.name, version));
}
