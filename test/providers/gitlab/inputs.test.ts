import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type PlainMap, UNKNOWN } from "../../../sandbox/providers/engine/resource-type";
import { gitlabProvider } from "../../../sandbox/providers/gitlab/provider";
import { PluginClient } from "../plugin-client";

const TRIGGER = "gitlab:index/pipelineTrigger:PipelineTrigger";
const SCHEDULE = "gitlab:index/pipelineSchedule:PipelineSchedule";
const VARIABLE = "gitlab:index/projectVariable:ProjectVariable";
const HOOK = "gitlab:index/projectHook:ProjectHook";
const FILE = "gitlab:index/repositoryFile:RepositoryFile";
const PROTECTION = "gitlab:index/branchProtection:BranchProtection";
const KEY = "gitlab:index/deployKey:DeployKey";
const SCOPE = "gitlab:index/projectJobTokenScope:ProjectJobTokenScope";
const PROJECT = "gitlab:index/project:Project";

const FILE_INPUTS = {
  project: "1",
  branch: "main",
  filePath: "a",
  encoding: "text",
  content: "x",
  commitMessage: "m",
};
const SCHEDULE_INPUTS = { project: "1", description: "d", ref: "refs/heads/main", cron: "0 1 * * *" };

describe("inputs that are refused", () => {
  let plugin: PluginClient;
  beforeAll(async () => {
    plugin = await PluginClient.inProcess(gitlabProvider);
  });
  afterAll(() => plugin.close());

  it.each<[string, string, PlainMap, string[]]>([
    [
      "an unknown property",
      TRIGGER,
      { project: "1", descriptoin: "d" },
      [
        'descriptoin: the pipeline trigger has no property "descriptoin"; did you mean "description"?',
        "description: the pipeline trigger needs description",
      ],
    ],
    [
      "an output",
      TRIGGER,
      { project: "1", description: "d", token: "t" },
      ['token: the pipeline trigger has no property "token"', "token: token is an output and cannot be set"],
    ],
    [
      "a number for a project",
      TRIGGER,
      { project: 101, description: "d" },
      ["project: project must be a string"],
    ],
    [
      "a short ref",
      SCHEDULE,
      { ...SCHEDULE_INPUTS, ref: "main" },
      ['ref: ref must be in full, as in refs/heads/main, not "main"'],
    ],
    [
      "an input without a value",
      SCHEDULE,
      { ...SCHEDULE_INPUTS, inputs: [{ name: "a", value: "b" }, { name: "c" }] },
      ["inputs[1].value: inputs[1] needs value"],
    ],
    [
      "an input with another property",
      SCHEDULE,
      { ...SCHEDULE_INPUTS, inputs: [{ name: "a", values: "b" }] },
      ['inputs[0].values: inputs[0] has no property "values"; did you mean "value"?'],
    ],
    [
      "an input that is no text",
      SCHEDULE,
      { ...SCHEDULE_INPUTS, inputs: [{ name: "a", value: true }] },
      ["inputs[0].value: inputs[0].value must be a string"],
    ],
    [
      "more inputs than GitLab takes",
      SCHEDULE,
      { ...SCHEDULE_INPUTS, inputs: Array.from({ length: 21 }, (_, n) => ({ name: `i${n}`, value: "v" })) },
      ["inputs: GitLab takes at most 20 inputs"],
    ],
    [
      "a variable type in Pulumi's spelling",
      VARIABLE,
      { project: "1", key: "A", value: "v", variableType: "envVar" },
      ['variableType: variableType must be one of env_var, file, not "envVar"'],
    ],
    [
      "a key with a dash",
      VARIABLE,
      { project: "1", key: "A-B", value: "v" },
      ["key: key has letters, digits and _ only, 255 at most"],
    ],
    [
      "hidden without masked",
      VARIABLE,
      { project: "1", key: "A", value: "v", hidden: true },
      ["hidden: a hidden variable is masked as well: set masked to true"],
    ],
    [
      "a hook that is no URL",
      HOOK,
      { project: "1", url: "flux.example.com" },
      ["url: url must begin with https:// or http:// and have no spaces"],
    ],
    [
      "a path from the root of the disk",
      FILE,
      { ...FILE_INPUTS, filePath: "/a" },
      [`filePath: filePath begins at the repository's root, without / or ./: "/a"`],
    ],
    [
      "no message",
      FILE,
      { ...FILE_INPUTS, commitMessage: null, createCommitMessage: "c" },
      [
        "commitMessage: a commit needs a message: set commitMessage, or updateCommitMessage and deleteCommitMessage as well",
      ],
    ],
    [
      "two kinds of messages",
      FILE,
      { ...FILE_INPUTS, updateCommitMessage: "u" },
      ["commitMessage: commitMessage and updateCommitMessage cannot both be set"],
    ],
    [
      "an entry for nobody",
      PROTECTION,
      { project: "1", branch: "main", allowedToPushes: [{}] },
      ["allowedToPushes[0]: allowedToPushes[0] needs one of accessLevel, userId, groupId and deployKeyId"],
    ],
    [
      "a key that may merge",
      PROTECTION,
      { project: "1", branch: "main", allowedToMerges: [{ deployKeyId: 1 }] },
      ['allowedToMerges[0].deployKeyId: allowedToMerges[0] has no property "deployKeyId"'],
    ],
    [
      "no such time",
      KEY,
      { project: "1", key: "k", title: "t", expiresAt: "soon" },
      ["expiresAt: expiresAt must be a time such as 2030-01-21T00:00:00Z"],
    ],
    [
      "two targets",
      SCOPE,
      { project: "1", targetGroupId: 1, targetProjectId: 2 },
      ["targetProjectId: one of targetProjectId and targetGroupId is needed"],
    ],
    [
      "a setting that the local SDK does not have",
      PROJECT,
      { name: "p", importUrl: "https://example.com/a.git" },
      ['importUrl: the project has no property "importUrl"'],
    ],
  ])("%s", async (_what, type, inputs, failures) => {
    expect((await plugin.checkOnly(type, inputs)).failures).toEqual(failures);
  });

  it("but not what is not known yet", async () => {
    const inputs: PlainMap = {
      ...SCHEDULE_INPUTS,
      ref: UNKNOWN,
      inputs: [{ name: UNKNOWN, value: UNKNOWN }],
    };
    expect((await plugin.checkOnly(SCHEDULE, inputs)).failures).toEqual([]);
    expect((await plugin.checkOnly(SCHEDULE, { ...SCHEDULE_INPUTS, inputs: UNKNOWN })).failures).toEqual([]);
    const hidden: PlainMap = { project: "1", key: UNKNOWN, value: UNKNOWN, hidden: true, masked: UNKNOWN };
    expect((await plugin.checkOnly(VARIABLE, hidden)).failures).toEqual([]);
  });

  it("a name is made up once, and kept", async () => {
    const { name = null } = await plugin.check(PROJECT, {});
    expect(String(name)).toMatch(/^it-[0-9a-f]{7}$/);
    expect((await plugin.check(PROJECT, {}, [], { name })).name).toBe(name);
    expect((await plugin.check(PROJECT, { name: "mine" }, [], { name })).name).toBe("mine");
  });
});
