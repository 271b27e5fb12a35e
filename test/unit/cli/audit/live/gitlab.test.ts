import { describe, expect, test } from "vitest";
import { declaredLoop } from "../../../../../cli/audit/live/declared-loop";
import { branchFindings } from "../../../../../cli/audit/live/gitlab/branch-checks";
import type { ProjectFacts } from "../../../../../cli/audit/live/gitlab/facts";
import { pipelineFindings } from "../../../../../cli/audit/live/gitlab/pipeline-checks";
import { ProjectAccess } from "../../../../../cli/audit/live/gitlab/project-access";
import { reachFindings } from "../../../../../cli/audit/live/gitlab/reach-checks";
import { variableFindings } from "../../../../../cli/audit/live/gitlab/variable-checks";
import { OUTPUTS } from "../outputs";

const BOT = { id: 1, username: "bot" };
const MAINTAINERS = { access_level: 40, access_level_description: "Maintainers" };

const FACTS: ProjectFacts = {
  settings: {
    public_jobs: false,
    ci_pipeline_variables_minimum_override_role: "no_one_allowed",
    ci_id_token_sub_claim_components: ["project_path", "ref_type", "ref"],
  },
  branches: [{ name: "main", allow_force_push: false, push_access_levels: [MAINTAINERS] }],
  triggers: [{ id: 3, description: "sopsloop: relay", owner: BOT }],
  schedules: [{ id: 7, description: "sweep", ref: "refs/heads/main", active: true, owner: BOT }],
  variables: [{ key: "VAULT_CACERT", protected: false, masked: false, environment_scope: "*" }],
  hooks: [{ id: 9, url: "https://flux.example.com/hook/secret", enable_ssl_verification: true }],
  deployKeys: [],
  jobTokens: { inbound: true, projects: [], groups: [] },
  receiverPaths: ["/hook/secret"],
};

const found = (change: Partial<ProjectFacts>, outputs: object = OUTPUTS) =>
  [branchFindings, pipelineFindings, variableFindings, reachFindings]
    .flatMap((check) => check({ ...FACTS, ...change }, declaredLoop(outputs), "team/deploy"))
    .map(({ id, what }) => `${id}: ${what}`);

test("as declared: nothing", () => {
  expect(found({})).toEqual([]);
});

test("parts that could not be looked at are no findings", () => {
  const parts = Object.keys(FACTS).filter((part) => part !== "settings");
  expect(found(Object.fromEntries(parts.map((part) => [part, undefined])))).toEqual([]);
});

describe("rules that protect the branch", () => {
  const levels = (...push_access_levels: object[]) => ({
    branches: [{ name: "main", allow_force_push: false, push_access_levels }] as ProjectFacts["branches"],
  });

  test("one with a star counts too, and the one that allows most", () => {
    const star = { name: "m*", allow_force_push: true, push_access_levels: [MAINTAINERS] };
    const other = { name: "release-*", allow_force_push: true, push_access_levels: [] };
    expect(found({ branches: [...(FACTS.branches ?? []), star, other] })).toEqual([
      "gitlab-branch-force-push: the rule m* allows it",
    ]);
  });

  test("a dot is a dot", () => {
    expect(found({ branches: [{ name: "m.in", allow_force_push: false, push_access_levels: [] }] })).toEqual([
      "gitlab-branch-unprotected: no rule protects it",
    ]);
  });

  test.each([
    ["nobody", { access_level: 0 }, []],
    ["administrators", { access_level: 60 }, []],
    ["developers", { access_level: 30, access_level_description: "Developers" }, ["Developers"]],
    ["one user", { access_level: 40, user_id: 5, access_level_description: "Jane" }, ["Jane"]],
    ["a group", { access_level: null, group_id: 5 }, ["a group"]],
    ["a deploy key", { access_level: 40, deploy_key_id: 5 }, ["a deploy key"]],
  ])("%s", (_who, level, names) => {
    expect(found(levels(level))).toEqual(names.map((name) => `gitlab-branch-pushers: ${name} may push`));
  });

  test("the program's own deploy key may", () => {
    const deployKeys = [{ id: 5, title: "sopsloop", can_push: true }];
    expect(found({ ...levels({ access_level: 40, deploy_key_id: 5 }), deployKeys })).toEqual([]);
  });
});

test("the sweep", () => {
  const [sweep] = FACTS.schedules ?? [];
  const of = (change: object) => found({ schedules: sweep ? [{ ...sweep, ...change }] : [] });
  expect(of({ ref: "feature" })).toEqual(["gitlab-sweep-off: the sweep is for feature, declared is main"]);
  expect(of({ ref: "main" })).toEqual([]);
  expect(found({ schedules: [] })).toEqual(["gitlab-sweep-off: the sweep's schedule is gone"]);
  const asleep = { id: 8, description: "old", ref: "main", active: false, owner: null };
  expect(found({ schedules: [...(FACTS.schedules ?? []), asleep] })).toEqual([]);
});

test("a variable of a declared name, but for another environment", () => {
  const variables = [{ key: "VAULT_CACERT", protected: true, masked: true, environment_scope: "production" }];
  expect(found({ variables })).toEqual(["gitlab-variable-steers: the program did not set it"]);
});

test.each([
  [
    "http://flux.example.com/hook/secret",
    true,
    ["gitlab-hook-unverified: it goes to http://flux.example.com"],
  ],
  ["http://127.0.0.1:8080/hook/secret", true, []],
  [
    "https://flux.example.com/hook/secret",
    false,
    ["gitlab-hook-unverified: it goes to https://flux.example.com"],
  ],
  ["https://flux.example.com/hook/other", true, ["gitlab-hook-undeclared: it goes to flux.example.com"]],
])("a webhook to %s, verified %s", (url, verified, lines) => {
  expect(found({ hooks: [{ id: 9, url, enable_ssl_verification: verified }] })).toEqual(lines);
});

test("the app's project may reach the deploy project where there is a chart job, and no group", () => {
  const jobTokens = { inbound: true, projects: ["team/app"], groups: [] };
  const gitlab = { ...OUTPUTS.gitlab, roles: { ...OUTPUTS.gitlab.roles, chart: "sops-chart" } };
  expect(found({ jobTokens })).toEqual(["gitlab-job-tokens-others: let in are team/app; none is declared"]);
  expect(found({ jobTokens }, { ...OUTPUTS, gitlab })).toEqual([]);
  expect(found({ jobTokens: { inbound: true, projects: [], groups: ["team"] } })).toEqual([
    "gitlab-job-tokens-others: let in are group team; none is declared",
  ]);
});

describe("where GITLAB_TOKEN is sent", () => {
  const open = (env: Readonly<Record<string, string>>) => () =>
    ProjectAccess.open("https://gitlab.example.com", "101", { GITLAB_TOKEN: "of-no-use", ...env }).close();

  test.each([
    ["GITLAB_URL", "https://gitlab.example.com/"],
    ["GITLAB_BASE_URL", "https://gitlab.example.com/api/v4/"],
    ["GITLAB_HOST", "gitlab.example.com"],
    ["CI_SERVER_URL", "https://gitlab.example.com"],
  ])("%s=%s", (name, value) => {
    expect(open({ [name]: value })).not.toThrow();
  });

  test.each([{}, { GITLAB_URL: "https://gitlab.example.com.elsewhere.example.org" }])(
    "not with %o",
    (env) => {
      expect(open(env)).toThrow(/^the stack's GitLab is https:\/\/gitlab\.example\.com; set GITLAB_URL/);
    },
  );
});
