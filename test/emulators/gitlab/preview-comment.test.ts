import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { main } from "../../../cli/program";
import { type TestGitLab, testGitLab } from "./support/test-gitlab";

const PROJECT = "platform/deploy";
const MARKER = "<!-- sopsloop preview-comment loop%2Fdev -->";
const RECORDED = join(__dirname, "../../unit/cli/preview-comment/recorded");
const preview = (name: string) => join(RECORDED, name);

let server: TestGitLab;
let iid: number;

beforeAll(async () => {
  server = await testGitLab();
  const { Branches, Commits, MergeRequests } = server.client(server.tokens.bot);
  await Commits.create(PROJECT, "main", "Begin", [{ action: "create", filePath: "a", content: "1" }]);
  await Branches.create(PROJECT, "change", "main");
  await Commits.create(PROJECT, "change", "Change", [{ action: "create", filePath: "c", content: "c" }]);
  iid = (await MergeRequests.create(PROJECT, "change", "main", "A change")).iid;
});
afterAll(() => server.close());

/** The command in a job of this merge request. */
async function post(file: string, changes: Readonly<Record<string, string>> = {}) {
  let [out, err] = ["", ""];
  const stdout = { write: (text: string) => (out += text) };
  const stderr = { write: (text: string) => (err += text) };
  const env = {
    CI_API_V4_URL: `${server.address}/api/v4`,
    CI_SERVER_TLS_CA_FILE: server.ca,
    CI_PROJECT_ID: "101",
    CI_MERGE_REQUEST_IID: String(iid),
    GITLAB_TOKEN: server.tokens.bot,
    ...changes,
  };
  const code = await main(["preview-comment", preview(file), "--post"], {
    ...{ stdout, stderr, env, cwd: RECORDED, isTerminal: false },
  });
  return { code, out, err };
}

async function notes() {
  const all = await server.client(server.tokens.admin).MergeRequestNotes.all(PROJECT, iid, { sort: "asc" });
  return all.map(({ id, body, author }) => ({ id, body, author: author.username }));
}

/** A new user with a token, and a role in the project as a number. */
async function userWith(name: string, accessLevel: number, scopes = ["api"]): Promise<string> {
  const admin = { token: server.tokens.admin };
  const ask = async (path: string, body: object) =>
    (await (await server.ask("POST", `/api/v4/${path}`, { ...admin, body })).json()) as {
      id: number;
      token: string;
    };
  const user = await ask("users", { username: name, name, email: `${name}@example.com` });
  await ask("projects/101/members", { user_id: user.id, access_level: accessLevel });
  return (await ask(`users/${user.id}/personal_access_tokens`, { name: "t", scopes })).token;
}

describe("the comment of a merge request", () => {
  it("is made at the first push, and given the new text at the second", async () => {
    const { MergeRequestNotes } = server.client(server.tokens.admin);
    // Somebody else's with the same first line, and enough others for a second page.
    const foreign = await MergeRequestNotes.create(PROJECT, iid, `${MARKER}\nnot yours`);
    for (let n = 1; n <= 101; n++) await MergeRequestNotes.create(PROJECT, iid, `comment ${n}`);

    const first = await post("roles.events.jsonl");
    expect(first).toMatchObject({ code: 0, err: "" });
    expect(first.out).toMatch(/^comment \d+ on merge request !1 created\n$/);
    const made = (await notes()).filter(({ author }) => author === "sopsloop-bot");
    expect(made).toHaveLength(1);
    expect(made[0]?.body.startsWith(`${MARKER}\n## Pulumi preview of \`loop/dev\`\n`)).toBe(true);
    expect(made[0]?.body).toContain("Deletes the role `auth/kubernetes/role/team-a_flux`");

    expect((await post("new-key.events.jsonl")).out).toMatch(/^comment \d+ on merge request !1 updated\n$/);
    const updated = (await notes()).filter(({ author }) => author === "sopsloop-bot");
    expect(updated.map(({ id }) => id)).toEqual(made.map(({ id }) => id));
    expect(updated[0]?.body).toContain("Replaces the transit key `transit/keys/sops`");
    expect(updated[0]?.body).not.toContain("auth/kubernetes/role/ops_flux");

    expect((await notes()).find(({ id }) => id === foreign.id)?.body).toBe(`${MARKER}\nnot yours`);
  });

  it("is not written again when nothing has changed", async () => {
    const { MergeRequestNotes } = server.client(server.tokens.bot);
    const [mine] = (await notes()).filter(({ author }) => author === "sopsloop-bot");
    const before = await MergeRequestNotes.show(PROJECT, iid, mine?.id ?? 0);
    expect((await post("new-key.events.jsonl")).out).toMatch(/ unchanged\n$/);
    expect((await MergeRequestNotes.show(PROJECT, iid, mine?.id ?? 0)).updated_at).toBe(before.updated_at);
  });

  it("of a preview that failed is posted too, and the job fails", async () => {
    expect(await post("failed.json")).toMatchObject({ code: 1, err: "" });
    const [mine] = (await notes()).filter(({ author }) => author === "sopsloop-bot");
    expect(mine?.body.split("\n\n")[1]).toMatch(/^❌ \*\*This preview failed/);
    expect(JSON.stringify(await notes())).not.toContain("hvs.");
  });

  it("takes a Reporter's token", async () => {
    const token = await userWith("reporter", 20);
    expect(await post("roles.json", { GITLAB_TOKEN: token })).toMatchObject({ code: 0, err: "" });
    expect((await notes()).filter(({ author }) => author === "reporter")).toHaveLength(1);
    // Neither touches the other's.
    expect((await post("roles.json")).code).toBe(0);
    expect((await notes()).filter(({ body }) => body.startsWith(MARKER))).toHaveLength(3);
  });
});

describe("refusals, each in one line and with nothing written", () => {
  const refused = async (changes: Readonly<Record<string, string>>) => {
    const before = await notes();
    const { code, out, err } = await post("roles.json", changes);
    expect([code, out, err.split("\n").length]).toEqual([1, "", 2]);
    expect(await notes()).toEqual(before);
    expect(err).not.toContain(changes.GITLAB_TOKEN ?? server.tokens.bot);
    return err;
  };

  it("a token that does not hold", async () => {
    expect(await refused({ GITLAB_TOKEN: "glpat-wrong" })).toContain(
      "does not take GITLAB_TOKEN: it has expired",
    );
  });

  it("a token that may only read", async () => {
    const token = await userWith("reader", 30, ["read_api"]);
    expect(await refused({ GITLAB_TOKEN: token })).toContain("GITLAB_TOKEN lacks the scope api");
  });

  it("a merge request that is not there", async () => {
    expect(await refused({ CI_MERGE_REQUEST_IID: "999" })).toContain("project 101 has no merge request !999");
  });

  it("a Guest, and a project that is not there", async () => {
    const token = await userWith("guest", 10);
    const line =
      "shows no project 101 to the user of GITLAB_TOKEN; make it a member with the role Reporter or higher";
    expect(await refused({ GITLAB_TOKEN: token })).toContain(line);
    expect(await refused({ CI_PROJECT_ID: "4711" })).toContain(line.replace("101", "4711"));
  });

  it("a certificate that nobody vouches for", async () => {
    const err = await refused({ CI_SERVER_TLS_CA_FILE: "" });
    expect(err).toMatch(/its certificate is not trusted \([A-Z_]+\); set NODE_EXTRA_CA_CERTS/);
  });
});
