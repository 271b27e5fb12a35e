import { Hono } from "hono";
import { z } from "zod";
import { deletedSecret, newestOf, secretBundle, secretItem } from "./bundles";
import { attributesSchema, bodyOf, page, require, tagsSchema, type VaultAsk, type VaultEnv } from "./request";
import { VaultRefusal } from "./vault-refusal";

const change = z.object({
  contentType: z.string().optional(),
  attributes: attributesSchema.optional(),
  tags: tagsSchema.optional(),
});
const creation = change.extend({ value: z.string() });

/** Secrets of a vault. */
export const secretRoutes = new Hono<VaultEnv>()
  .get("/secrets", (c) => {
    require(c, { dataAction: "secrets/readMetadata/action", kind: "secrets", permission: "list" });
    const vault = c.get("vault");
    const all = c.get("core").secrets.in(vault.key);
    return page(
      c,
      all.map((secret) => secretItem(vault, secret.name, newestOf(secret), false)),
    );
  })
  .put("/secrets/:name", async (c) => {
    const name = allowed(c, "setSecret/action", "set");
    const version = c.get("core").secrets.set(c.get("vault"), name, await bodyOf(c, creation));
    return c.json(secretBundle(c.get("vault"), nameOf(c, name), version));
  })
  .get("/secrets/:name/versions", (c) => {
    const name = allowed(c, "readMetadata/action", "list");
    const secret = c.get("core").secrets.get(c.get("vault"), name);
    return page(
      c,
      secret.versions.map((version) => secretItem(c.get("vault"), secret.name, version, true)),
    );
  })
  .get("/secrets/:name/:version?", (c) => {
    const name = allowed(c, "getSecret/action", "get");
    const version = c.get("core").secrets.version(c.get("vault"), name, c.req.param("version"));
    // Its times are for those who read it: Key Vault tells an expired secret, too.
    if (!version.enabled)
      throw new VaultRefusal(
        403,
        "Forbidden",
        "Operation get is not allowed on a disabled secret.",
        "SecretDisabled",
      );
    return c.json(secretBundle(c.get("vault"), nameOf(c, name), version));
  })
  .patch("/secrets/:name/:version?", async (c) => {
    const name = allowed(c, "setSecret/action", "set");
    const { secrets } = c.get("core");
    const version = secrets.update(c.get("vault"), name, c.req.param("version"), await bodyOf(c, change));
    return c.json(secretItem(c.get("vault"), nameOf(c, name), version, true));
  })
  .delete("/secrets/:name", (c) => {
    const name = allowed(c, "delete", "delete");
    return c.json(deletedSecret(c.get("vault"), c.get("core").secrets.delete(c.get("vault"), name)));
  })
  .get("/deletedsecrets", (c) => {
    require(c, { dataAction: "secrets/readMetadata/action", kind: "secrets", permission: "list" });
    const vault = c.get("vault");
    const all = c.get("core").secrets.binOf(vault.key);
    return page(
      c,
      all.map((secret) => deletedSecret(vault, secret, true)),
    );
  })
  .get("/deletedsecrets/:name", (c) => {
    const name = allowed(c, "readMetadata/action", "get");
    return c.json(deletedSecret(c.get("vault"), c.get("core").secrets.deleted(c.get("vault"), name)));
  })
  .post("/deletedsecrets/:name/recover", (c) => {
    const name = allowed(c, "recover/action", "recover");
    const secret = c.get("core").secrets.recover(c.get("vault"), name);
    return c.json(secretItem(c.get("vault"), secret.name, newestOf(secret), true));
  })
  .delete("/deletedsecrets/:name", (c) => {
    const name = allowed(c, "purge/action", "purge");
    c.get("core").secrets.purge(c.get("vault"), name);
    return c.body(null, 204);
  });

function allowed(c: VaultAsk, action: string, permission: string): string {
  const name = c.req.param("name") ?? "";
  require(c, { dataAction: `secrets/${action}`, kind: "secrets", permission, name });
  return name;
}

function nameOf(c: VaultAsk, name: string): string {
  return c.get("core").secrets.get(c.get("vault"), name).name;
}
