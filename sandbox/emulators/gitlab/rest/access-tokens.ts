import { Hono } from "hono";
import { z } from "zod";
import { type AccessToken, type Json, ROLE } from "../model";
import { badRequest, notFound } from "./refusal";
import { type Ask, type Env, integer, numberOf, page, paramsOf, projectOf } from "./request";

const newToken = z.object({
  name: z.string(),
  scopes: z.array(z.string()).min(1),
  access_level: integer.default(ROLE.maintainer),
  expires_at: z.iso.date(),
});
const LEVELS: readonly number[] = [ROLE.reporter, ROLE.developer, ROLE.maintainer];

/** Project access tokens: each has a bot of its own, a member of that one project. */
export const accessTokens = new Hono<Env>()
  .get("/projects/:id/access_tokens", (c) => {
    const { id } = projectOf(c, ROLE.maintainer);
    const all = c.get("core").store.tables.tokens.filter(({ projectId }) => projectId === id);
    return page(c, all.map(tokenJson));
  })
  .post("/projects/:id/access_tokens", async (c) => {
    const project = projectOf(c, ROLE.maintainer);
    const { name, scopes, access_level: level, expires_at: expiresAt } = await paramsOf(c, newToken);
    if (!LEVELS.includes(level)) throw badRequest("access_level does not have a valid value");
    const { directory, store } = c.get("core");
    const bot = directory.addUser(`project_${project.id}_bot_${store.nextId()}`, { name, bot: true });
    directory.setMember(project, bot, level);
    const { id, token } = directory.addToken(bot, name, scopes, { projectId: project.id, expiresAt });
    return c.json({ ...tokenJson(tokenOf(c, id)), access_level: level, token }, 201);
  })
  .delete("/projects/:id/access_tokens/:token", (c) => {
    projectOf(c, ROLE.maintainer);
    const revoked = tokenOf(c, numberOf(c, "token"));
    const { tables } = c.get("core").store;
    tables.tokens = tables.tokens.filter((token) => token !== revoked);
    return c.body(null, 204);
  });

function tokenOf(c: Ask, id: number): AccessToken {
  const project = projectOf(c, ROLE.maintainer);
  const found = c
    .get("core")
    .store.tables.tokens.find((token) => token.id === id && token.projectId === project.id);
  if (!found) throw notFound();
  return found;
}

function tokenJson({ id, name, scopes, userId, expiresAt }: AccessToken): { [name: string]: Json } {
  return { id, name, scopes, user_id: userId, expires_at: expiresAt ?? null, active: true, revoked: false };
}
