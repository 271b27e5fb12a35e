import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { FakeGitLab, hangUp, MARKER, note, refusedWith, TEXT, TOKEN } from "../support/fake-gitlab";

let gitlab: FakeGitLab;

beforeEach(async () => {
  gitlab = await FakeGitLab.start();
});
afterEach(() => gitlab.stop());

describe("the comment of a stack", () => {
  test("is made once, with the token in a header and nowhere else", async () => {
    expect(await gitlab.write()).toEqual({ action: "created", note: 100 });
    expect(gitlab.notes.map(({ body }) => body)).toEqual([TEXT]);
    expect(gitlab.calls).toEqual(["GET /api/v4/user", "GET …/notes", "POST …/notes"]);
    expect(gitlab.heard.every(({ headers }) => headers["private-token"] === TOKEN)).toBe(true);
    expect(gitlab.heard.map(({ line }) => line).join()).not.toContain(TOKEN);
  });

  test("is given the new text, on whichever page it stands; and is left alone when it has it", async () => {
    gitlab.notes = [1, 2, 3, 4].map((id) => note(id, `other ${id}`)).concat(note(5, `${MARKER}\nold`));
    expect(await gitlab.write()).toEqual({ action: "updated", note: 5 });
    expect(gitlab.notes.map(({ body }) => body)).toEqual(["other 1", "other 2", "other 3", "other 4", TEXT]);
    const before = gitlab.calls.length;
    expect(await gitlab.write()).toEqual({ action: "unchanged", note: 5 });
    expect(gitlab.calls.slice(before).filter((line) => !line.startsWith("GET "))).toEqual([]);
    // GitLab may have taken the last line's end off.
    gitlab.notes = [note(5, TEXT.trimEnd())];
    expect((await gitlab.write()).action).toBe("unchanged");
  });

  test("others' notes, those of other stacks and those that only quote it are not touched", async () => {
    const others = () => [
      note(1, TEXT, 8),
      note(2, "<!-- sopsloop preview-comment loop%2Fprod -->\nx"),
      note(3, `> ${MARKER}\nquoted`),
      note(4, `${MARKER}x\n`),
      note(5, `${MARKER}\nsystem`, 7, true),
    ];
    gitlab.notes = others();
    expect((await gitlab.write()).action).toBe("created");
    expect(gitlab.notes.slice(0, 5)).toEqual(others());
  });

  test("of two that began at the same time, the first stays", async () => {
    gitlab.notes = [note(4, `${MARKER}\na`), note(9, `${MARKER}\nb`), note(2, "other")];
    expect(await gitlab.write()).toEqual({ action: "updated", note: 4 });
    expect(gitlab.notes.map(({ id }) => id)).toEqual([4, 2]);
  });
});

describe("a GitLab that does not answer", () => {
  test("429, 5xx and broken connections are tried again, as patiently as GitLab asks", async () => {
    gitlab.faults = [
      refusedWith(429, {}, { "retry-after": "7" }),
      refusedWith(503, {}),
      hangUp,
      undefined,
      refusedWith(500, {}),
    ];
    gitlab.notes = [note(1, `${MARKER}\nold`)];
    expect((await gitlab.write()).action).toBe("updated");
    expect(gitlab.pauses).toEqual([7_000, 500, 1_000, 250]);
  });

  test("a comment that may have been made all the same is looked for, not made twice", async () => {
    gitlab.faults = [undefined, undefined, (_request, _response, proceed) => proceed(false)];
    expect(await gitlab.write()).toEqual({ action: "unchanged", note: 100 });
    expect(gitlab.notes).toHaveLength(1);
    gitlab.faults = [undefined, undefined, refusedWith(502, {})];
    gitlab.notes = [];
    expect((await gitlab.write()).action).toBe("created");
    expect(gitlab.notes).toHaveLength(1);
  });

  test("after five tries it says so", async () => {
    gitlab.faults = Array(5).fill(refusedWith(503, {}));
    await expect(gitlab.write()).rejects.toThrow(
      `GitLab at ${gitlab.address} still answers 503, tried 5 times; run this job again later`,
    );
    gitlab.faults = [undefined, ...Array(5).fill(hangUp)];
    await expect(gitlab.write()).rejects.toThrow(/cannot be reached \(ECONNRESET\), tried 5 times/);
  });
});

test.each<[string, number, number, unknown, Readonly<Record<string, string>>, RegExp]>([
  [
    "a token that does not hold",
    1,
    401,
    { message: "401 Unauthorized" },
    {},
    /does not take GITLAB_TOKEN: it has expired/,
  ],
  ["without the scope", 1, 403, { error: "insufficient_scope" }, {}, /lacks the scope api/],
  [
    "a project that is hidden",
    2,
    404,
    { message: "404 Project Not Found" },
    {},
    /shows no project 101 .* role Reporter or higher/,
  ],
  ["no such merge request", 2, 404, { message: "404 Not found" }, {}, /project 101 has no merge request !3/],
  [
    "who may not comment",
    3,
    403,
    { message: "403 Forbidden" },
    {},
    /does not let the user of GITLAB_TOKEN comment merge request !3/,
  ],
  [
    "what GitLab does not take",
    3,
    400,
    { message: { note: ["is\ntoo long"] } },
    {},
    /answers 400 when asked to comment: \{"note":\["is\\ntoo long"\]\}$/,
  ],
  [
    "another address",
    1,
    302,
    {},
    { location: "https://elsewhere.example" },
    /a token is not sent after a redirect/,
  ],
  ["no GitLab at all", 1, 200, "hello", {}, /does not answer as GitLab does when asked who this is/],
  [
    "a list that is none",
    2,
    200,
    [{ id: "x" }],
    {},
    /does not answer as GitLab does when asked the comments/,
  ],
])("%s: one line that says how to mend it", async (_, at, status, body, more, line) => {
  gitlab.faults = [...Array<undefined>(at - 1).fill(undefined), refusedWith(status, body, more)];
  const error = await gitlab.write().catch((caught: unknown) => caught);
  expect(error).toMatchObject({ name: "CliError", exitCode: 1, message: expect.stringMatching(line) });
  expect(String(error)).not.toMatch(new RegExp(`${TOKEN}|\n`));
  expect(gitlab.notes).toEqual([]);
});
