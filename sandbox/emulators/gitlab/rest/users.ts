import { Hono } from "hono";
import { z } from "zod";
import { type Group, type Json, ROLE, type User } from "../model";
import { forbidden, notFound } from "./refusal";
import { callerOf, type Env, numberOf, page, paramsOf } from "./request";

const VERSION = { version: "18.6.0", revision: "emulator" };

const newUser = z.object({ username: z.string(), name: z.string(), email: z.string() });
const newToken = z.object({ name: z.string(), scopes: z.array(z.string()).min(1) });

/** Users, groups, and what the server says of itself. */
export const users = new Hono<Env>()
  .get("/user", (c) => c.json(userJson(callerOf(c).user)))
  .get("/version", (c) => {
    callerOf(c);
    return c.json(VERSION);
  })
  .get("/metadata", (c) => {
    callerOf(c);
    return c.json({ ...VERSION, enterprise: c.get("core").edition === "enterprise" });
  })
  .get("/users", (c) => {
    callerOf(c);
    const wanted = c.req.query("username");
    const found = c.get("core").store.tables.users.filter(({ username }) => !wanted || username === wanted);
    return page(c, found.map(userJson));
  })
  .get("/users/:user", (c) => {
    callerOf(c);
    return c.json(userJson(existing(c.get("core").store.tables.users, numberOf(c, "user"))));
  })
  .post("/users", async (c) => {
    if (!callerOf(c).user.admin) throw forbidden();
    const { username, name, email } = await paramsOf(c, newUser);
    return c.json(userJson(c.get("core").directory.addUser(username, { name, email })), 201);
  })
  .post("/users/:user/block", (c) => {
    if (!callerOf(c).user.admin) throw forbidden();
    existing(c.get("core").store.tables.users, numberOf(c, "user")).state = "blocked";
    return c.json(true, 201);
  })
  .post("/users/:user/personal_access_tokens", async (c) => {
    if (!callerOf(c).user.admin) throw forbidden();
    const user = existing(c.get("core").store.tables.users, numberOf(c, "user"));
    const { name, scopes } = await paramsOf(c, newToken);
    const made = c.get("core").directory.addToken(user, name, scopes);
    return c.json({ ...made, name, scopes, user_id: user.id, active: true, revoked: false }, 201);
  })
  .get("/groups/:group", (c) => {
    callerOf(c);
    const key = c.req.param("group");
    const found = c
      .get("core")
      .store.tables.groups.find((group) => group.path === key || String(group.id) === key);
    if (!found) throw notFound("Group");
    return c.json({ ...groupJson(found), visibility: "private" });
  })
  .post("/groups", async (c) => {
    if (!callerOf(c).user.admin) throw forbidden();
    const { path } = await paramsOf(c, z.object({ path: z.string(), name: z.string() }));
    return c.json(groupJson(c.get("core").directory.addGroup(path)), 201);
  });

export function userJson({ id, username, name, state, bot }: User): { [name: string]: Json } {
  return { id, username, name, state, bot, web_url: "", avatar_url: null, locked: false };
}

export function groupJson({ id, path }: Group): { [name: string]: Json } {
  return { id, name: path, path, full_path: path, kind: "group" };
}

/** GitLab's name of a role. */
export function describeLevel(level: number): string {
  if (level >= ROLE.admin) return "Administrators";
  if (level >= ROLE.maintainer) return "Maintainers";
  return level >= ROLE.developer ? "Developers + Maintainers" : "No one";
}

function existing(all: readonly User[], id: number): User {
  const found = all.find((user) => user.id === id);
  if (!found) throw notFound("User");
  return found;
}
