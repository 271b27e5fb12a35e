import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { PlainMap } from "../../../sandbox/providers/engine/resource-type";
import { gitlabProvider } from "../../../sandbox/providers/gitlab/provider";
import { waitMs } from "../../../sandbox/providers/gitlab/repeating";
import { PluginClient } from "../plugin-client";
import { RecordedGitLab } from "./recorded-gitlab";

const TRIGGER = "gitlab:index/pipelineTrigger:PipelineTrigger";
const SCHEDULE = "gitlab:index/pipelineSchedule:PipelineSchedule";
const VARIABLE = "gitlab:index/projectVariable:ProjectVariable";
const FILE = "gitlab:index/repositoryFile:RepositoryFile";
const PROTECTION = "gitlab:index/branchProtection:BranchProtection";
const SCOPE = "gitlab:index/projectJobTokenScope:ProjectJobTokenScope";

describe("a GitLab that does not do as it is told", () => {
  let gitlab: RecordedGitLab;
  beforeAll(async () => {
    gitlab = await RecordedGitLab.start();
  });
  afterAll(() => gitlab.stop());
  beforeEach(() => gitlab.forget());

  const inputs = { project: "a/b", description: "relay" };
  const POST = "POST projects/a%2Fb/triggers";

  async function configured(config: PlainMap): Promise<PluginClient> {
    const plugin = await PluginClient.inProcess(gitlabProvider);
    await plugin.configure({ ...gitlab.config, ...config });
    return plugin;
  }

  async function create(config: PlainMap = {}, type = TRIGGER, given: PlainMap = inputs): Promise<unknown> {
    const plugin = await configured(config);
    try {
      return await plugin.create(type, given, ["value"]);
    } finally {
      await plugin.close();
    }
  }

  it.each<[number, unknown, string]>([
    [
      401,
      { message: "401 Unauthorized" },
      "(401): 401 Unauthorized; the token is not valid: set GITLAB_TOKEN to one of scope api",
    ],
    [
      403,
      { error: "insufficient_scope" },
      "(403): insufficient_scope; the token's user may not do this: it takes the Maintainer role and a token of scope api",
    ],
    [
      404,
      { message: "404 Project Not Found" },
      "(404): 404 Project Not Found; it is not there, or the token's user may not see it",
    ],
    [
      400,
      { message: { description: ["is too long"], base: ["Limit reached"] } },
      "description is too long; Limit reached",
    ],
    [422, "<html>", "(422): no reason given"],
  ])("is repeated on one line: %s", async (status, body, line) => {
    gitlab.answers(POST, { status, body: body as PlainMap });
    const failure = create({ token: "glpat-wrong" });
    await expect(failure).rejects.toThrow(
      "9 FAILED_PRECONDITION: GitLab refused to make a pipeline trigger in a/b (",
    );
    await expect(failure).rejects.toThrow(line);
    await expect(failure).rejects.not.toThrow(/glpat-wrong|\n/);
  });

  it("explains what it wants of a masked value, without repeating the value", async () => {
    const body = { message: { value: ["is invalid", "no-spaces-please"] } };
    gitlab.answers("POST projects/1/variables", { status: 400, body });
    const variable = { project: "1", key: "A", value: "no-spaces-please", masked: true };
    const failure = create({}, VARIABLE, variable);
    await expect(failure).rejects.toThrow(
      "(400): value is invalid; value [secret]; a masked value is one line of 8 characters or more, without spaces",
    );
    await expect(failure).rejects.not.toThrow("no-spaces-please");
  });

  it("is asked again when it is too much at once, as often as the config says", async () => {
    const busy = { status: 429, body: { message: "429 Too Many Requests" } };
    gitlab.answers(POST, busy, busy, { status: 201, body: { id: 3, token: "t" } });
    gitlab.answers("GET projects/a%2Fb/triggers/3", { status: 503 }, { body: inputs });
    expect(await create({ retries: "2" })).toMatchObject({ id: "a/b:3" });
    expect(gitlab.taken()).toHaveLength(5);
    gitlab.answers(POST, busy);
    await expect(create({ retries: "0" })).rejects.toThrow("(429): 429 Too Many Requests");
    expect(gitlab.taken()).toHaveLength(1);
  });

  it("says itself how long to wait", () => {
    expect([waitMs(0, "3"), waitMs(0, undefined), waitMs(2, undefined)]).toEqual([3000, 250, 1000]);
    expect([waitMs(30, undefined), waitMs(1, "later")]).toEqual([60_000, 500]);
  });

  it("is not asked again for a write that it may have done", async () => {
    await expect(create()).rejects.toThrow(
      /2 UNKNOWN: GitLab at \S+ did not answer \(ECONNRESET\): whether it went on to make a pipeline trigger in a\/b, nobody can tell/,
    );
    gitlab.answers(POST, { status: 502 });
    await expect(create()).rejects.toThrow(/2 UNKNOWN: .*\(502\)/);
    expect(gitlab.taken()).toHaveLength(2);
  });

  it("forgets what it took at once", async () => {
    gitlab.answers(POST, { status: 201, body: { id: 3, token: "t" } });
    gitlab.answers("GET projects/a%2Fb/triggers/3", { status: 404 });
    await expect(create()).rejects.toThrow("2 UNKNOWN: GitLab took a/b:3, but does not have it when asked");
  });

  it("keeps what was made when it cannot be read afterwards", async () => {
    gitlab.answers(POST, { status: 201, body: { id: 3, token: "glptt-made" } });
    gitlab.answers("GET projects/a%2Fb/triggers/3", { status: 403, body: { message: "403 Forbidden" } });
    const failure = create();
    await expect(failure).rejects.toThrow(
      "2 UNKNOWN: written, but GitLab refused to read pipeline trigger a/b:3",
    );
    await expect(failure).rejects.not.toThrow("glptt-made");
  });

  it("does not know the token: said before anything else", async () => {
    gitlab.answers("GET user", { status: 401, body: { message: "401 Unauthorized" } });
    await expect(configured({ earlyAuthCheck: "true" })).rejects.toThrow(
      "GitLab refused to tell who the token's user is (401): 401 Unauthorized; the token is not valid",
    );
    gitlab.answers("GET user", { body: { id: 1 } });
    await (await configured({ earlyAuthCheck: "true" })).close();
  });

  it("gets the headers of the config", async () => {
    gitlab.answers(POST, { status: 400 });
    await create({ headers: '{"X-Proxy":"yes"}' }).catch(() => undefined);
    expect(gitlab.headers[0]).toMatchObject({ "x-proxy": "yes", "content-type": "application/json" });
  });

  it.each([
    [
      { enterprise: true },
      { pushAccessLevel: "maintainer" },
      "pushAccessLevel is for the Community Edition: use allowedToPushes",
    ],
    [
      { enterprise: false },
      { allowedToMerges: [{ userId: 1 }] },
      "allowedToMerges needs the Enterprise Edition",
    ],
  ])("is of the other edition: %j", async (metadata, given, reason) => {
    gitlab.answers("GET metadata", { body: metadata });
    await expect(create({}, PROTECTION, { project: "1", branch: "main", ...given })).rejects.toThrow(reason);
  });

  it("is not there", async () => {
    await expect(create({ baseUrl: "http://127.0.0.1:1/api/v4/" })).rejects.toThrow(
      /^9 FAILED_PRECONDITION: cannot reach GitLab at http:\/\/127\.0\.0\.1:1 to make a pipeline trigger in a\/b: .*ECONNREFUSED/,
    );
  });

  it.each([
    [TRIGGER, "nonsense", '"nonsense" is no id of the form <project>:<trigger id>'],
    [SCHEDULE, "a/b:main", '"a/b:main" is no id of the form <project>:<schedule id>'],
    [FILE, "a/b:main", '"a/b:main" is no id of the form <project>:<branch>:<file path>'],
    [SCOPE, "1:user:2", '"1:user:2" is no id of the form <project>:project:<id> or <project>:group:<id>'],
  ])("cannot import %s by %s", async (type, id, reason) => {
    const plugin = await configured({});
    await expect(plugin.read(type, id)).rejects.toThrow(reason);
    await plugin.close();
  });

  it("has no such project", async () => {
    gitlab.answers("GET projects/a%2Fb", { status: 404 });
    const plugin = await configured({});
    const read = (args: PlainMap) => plugin.invoke("gitlab:index/getProject:getProject", args);
    await expect(read({ pathWithNamespace: "a/b" })).rejects.toThrow(
      "there is no project a/b, or the token's user may not see it",
    );
    await expect(read({})).rejects.toThrow("getProject needs the id of a project, or its pathWithNamespace");
    await plugin.close();
  });
});
