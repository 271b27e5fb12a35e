import { Hono } from "hono";
import { z } from "zod";
import { type DeployKey, type Json, ROLE } from "../model";
import { invalid, notFound } from "./refusal";
import { type Ask, type Env, flag, numberOf, page, paramsOf, projectOf } from "./request";

const creation = z.object({
  title: z.string(),
  key: z.string(),
  can_push: flag.optional(),
  expires_at: z.string().optional(),
});
const PUBLIC_KEY =
  /^(?:ssh-(?:rsa|ed25519)|ecdsa-sha2-nistp(?:256|384|521)|sk-\S+) [A-Za-z0-9+/]{40,}={0,2}(?: .*)?$/;

/** A project's deploy keys. They are kept and told; the emulator has no SSH server that would take them. */
export const deployKeys = new Hono<Env>()
  .get("/projects/:id/deploy_keys", (c) => {
    const { id } = projectOf(c, ROLE.maintainer);
    const all = c.get("core").store.tables.deployKeys.filter(({ projectId }) => projectId === id);
    return page(c, all.map(keyJson));
  })
  .post("/projects/:id/deploy_keys", async (c) => {
    const { id: projectId } = projectOf(c, ROLE.maintainer);
    const { title, key, can_push: canPush = false, expires_at: expires } = await paramsOf(c, creation);
    const { store } = c.get("core");
    if (!PUBLIC_KEY.test(key)) throw invalid({ "deploy_key.key": ["is invalid"] });
    const taken = store.tables.deployKeys.some((one) => one.projectId === projectId && one.key === key);
    if (taken) throw invalid({ "deploy_key.fingerprint_sha256": ["has already been taken"] });
    const expiresAt = expires === undefined ? null : new Date(expires).toISOString();
    const made: DeployKey = {
      id: store.nextId(),
      projectId,
      title,
      key,
      canPush,
      expiresAt,
      createdAt: new Date().toISOString(),
    };
    store.tables.deployKeys.push(made);
    return c.json(keyJson(made), 201);
  })
  .get("/projects/:id/deploy_keys/:key", (c) => c.json(keyJson(keyOf(c))))
  .delete("/projects/:id/deploy_keys/:key", (c) => {
    const key = keyOf(c);
    const { tables } = c.get("core").store;
    tables.deployKeys = tables.deployKeys.filter((one) => one !== key);
    return c.body(null, 204);
  });

function keyOf(c: Ask): DeployKey {
  const project = projectOf(c, ROLE.maintainer);
  const id = numberOf(c, "key");
  const found = c
    .get("core")
    .store.tables.deployKeys.find((key) => key.id === id && key.projectId === project.id);
  if (!found) throw notFound("Deploy Key");
  return found;
}

function keyJson({ id, title, key, canPush, expiresAt, createdAt }: DeployKey): Json {
  return { id, title, key, can_push: canPush, created_at: createdAt, expires_at: expiresAt };
}
