import { Hono } from "hono";
import { z } from "zod";
import { type Json, type Note, ROLE } from "../model";
import { mergeRequestOf } from "./merge-requests";
import { badRequest, forbidden, notFound } from "./refusal";
import { type Ask, callerOf, type Env, numberOf, page, paramsOf, projectOf } from "./request";
import { userJson } from "./users";

const written = z.object({ body: z.string().min(1) });
const LONGEST = 1_000_000;

/** Comments on merge requests. A job token may read none and write none, as in GitLab. */
export const notes = new Hono<Env>()
  .get("/projects/:id/merge_requests/:iid/notes", (c) => {
    const { iid, projectId } = mergeRequestOf(c);
    const all = c
      .get("core")
      .store.tables.notes.filter((note) => note.projectId === projectId && note.mergeRequestIid === iid);
    const sorted = c.req.query("sort") === "asc" ? all : all.toReversed();
    return page(
      c,
      sorted.map((note) => noteJson(c, note)),
    );
  })
  .post("/projects/:id/merge_requests/:iid/notes", async (c) => {
    const { iid, projectId } = mergeRequestOf(c);
    const { body } = await paramsOf(c, written);
    if (body.length > LONGEST) throw badRequest("body is too long (maximum is 1000000 characters)");
    const { store } = c.get("core");
    const now = new Date().toISOString();
    const authorId = callerOf(c).user.id;
    const note: Note = {
      id: store.nextId(),
      projectId,
      mergeRequestIid: iid,
      authorId,
      createdAt: now,
      body,
      updatedAt: now,
    };
    store.tables.notes.push(note);
    return c.json(noteJson(c, note), 201);
  })
  .get("/projects/:id/merge_requests/:iid/notes/:note", (c) => c.json(noteJson(c, noteOf(c))))
  .put("/projects/:id/merge_requests/:iid/notes/:note", async (c) => {
    const note = ownNote(c);
    note.body = (await paramsOf(c, written)).body;
    note.updatedAt = new Date().toISOString();
    return c.json(noteJson(c, note));
  })
  .delete("/projects/:id/merge_requests/:iid/notes/:note", (c) => {
    const note = ownNote(c);
    const { tables } = c.get("core").store;
    tables.notes = tables.notes.filter((one) => one !== note);
    return c.body(null, 204);
  });

function noteOf(c: Ask): Note {
  const { iid, projectId } = mergeRequestOf(c);
  const id = numberOf(c, "note");
  const found = c
    .get("core")
    .store.tables.notes.find(
      (note) => note.id === id && note.projectId === projectId && note.mergeRequestIid === iid,
    );
  if (!found) throw notFound("Note");
  return found;
}

/** A comment may be changed by who wrote it, and by maintainers. */
function ownNote(c: Ask): Note {
  const note = noteOf(c);
  const project = projectOf(c);
  const { user } = callerOf(c);
  if (note.authorId !== user.id && c.get("core").access.roleIn(project, user) < ROLE.maintainer)
    throw forbidden();
  return note;
}

function noteJson(c: Ask, note: Note): Json {
  return {
    id: note.id,
    type: null,
    body: note.body,
    author: userJson(c.get("core").directory.user(note.authorId)),
    created_at: note.createdAt,
    updated_at: note.updatedAt,
    system: false,
    noteable_type: "MergeRequest",
    noteable_iid: note.mergeRequestIid,
    resolvable: false,
    internal: false,
  };
}
