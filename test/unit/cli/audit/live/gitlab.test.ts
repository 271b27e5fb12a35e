import { describe, expect, test } from "vitest";
import { declaredLoop } from "../../../../../cli/audit/live/declared-loop";
import { branchFindings } from "../../../../../cli/audit/live/gitlab/branch-checks";
import type { DeclaredProject } from "../../../../../cli/audit/live/gitlab/declared-project";
import type { ProjectFacts } from "../../../../../cli/audit/live/gitlab/facts";
import { fileFindings } from "../../../../../cli/audit/live/gitlab/file-checks";
import { pipelineFindings } from "../../../../../cli/audit/live/gitlab/pipeline-checks";
import { ProjectAccess } from "../../../../../cli/audit/live/gitlab/project-access";
import { reachFindings } from "../../../../../cli/audit/live/gitlab/reach-checks";
import { variableFindings } from "../../../../../cli/audit/live/gitlab/variable-checks";
import { OUTPUTS } from "../outputs";

const BOT = { id: 1, username: "bot" };
const MAINTAINERS = { access_level: 40, access_level_description: "Maintainers" };

const RULE = {
  name: "main",
  allow_force_push: false,
  push_access_levels: [MAINTAINERS],
  merge_access_levels: [MAINTAINERS],
};

const STATE: DeclaredProject = {
  files: [],
  developersMayMerge: false,
  letIn: new Set(),
  unmasked: new Set(),
  visibility: "private",
  forking: "disabled",
  ciConfigPath: "",
};

const FACTS: ProjectFacts = {
  settings: {
    visibility: "private",
    forking_access_level: "disabled",
    ci_config_path: "",
    public_jobs: false,
    ci_pipeline_variables_minimum_override_role: "no_one_allowed",
    ci_id_token_sub_claim_components: ["project_path", "ref_type", "ref"],
  },
  branches: [RULE],
  triggers: [{ id: 3, description: "sopsloop: relay", owner: BOT }],
  schedules: [{ id: 7, description: "sweep", ref: "refs/heads/main", active: true, owner: BOT }],
  variables: [{ key: "VAULT_CACERT", protected: false, masked: false, environment_scope: "*" }],
  hooks: [{ id: 9, url: "https://flux.example.com/hook/secret", enable_ssl_verification: true }],
  deployKeys: [],
  jobTokens: { inbound: true, projects: [], groups: [] },
  files: [],
  receiverPaths: ["/hook/secret"],
};

const found = (
  change: Partial<ProjectFacts>,
  outputs: object = OUTPUTS,
  state: DeclaredProject | null = STATE,
) =>
  [branchFindings, pipelineFindings, variableFindings, reachFindings, fileFindings]
    .flatMap((check) =>
      check({ ...FACTS, ...change }, { ...declaredLoop(outputs), state: state ?? undefined }, "team/deploy"),
    )
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
    branches: [{ ...RULE, push_access_levels }] as ProjectFacts["branches"],
  });

  test("one with a star counts too, and the one that allows most", () => {
    const star = { ...RULE, name: "m*", allow_force_push: true };
    const other = { ...RULE, name: "release-*", allow_force_push: true };
    expect(found({ branches: [...(FACTS.branches ?? []), star, other] })).toEqual([
      "gitlab-branch-force-push: the rule m* allows it",
    ]);
  });

  test("a dot is a dot", () => {
    expect(found({ branches: [{ ...RULE, name: "m.in" }] })).toEqual([
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

describe("whose jobs may reach the deploy project", () => {
  const gitlab = { ...OUTPUTS.gitlab, roles: { ...OUTPUTS.gitlab.roles, chart: "sops-chart" } };
  const withChart = { ...OUTPUTS, gitlab };
  const app = { id: 102, path: "team/app" };
  const other = { id: 103, path: "team/other" };
  const letIn = new Set([102]);
  const of = (projects: (typeof app)[], groups: string[] = []) => ({
    jobTokens: { inbound: true, projects, groups },
  });

  test("the app's, and no other project or group", () => {
    expect(found(of([app]), withChart, { ...STATE, letIn })).toEqual([]);
    expect(found(of([app, other]), withChart, { ...STATE, letIn })).toEqual([
      "gitlab-job-tokens-others: let in are team/other",
    ]);
    expect(found(of([app], ["team"]))).toEqual(["gitlab-job-tokens-others: let in are team/app, group team"]);
  });

  test("another in the app's place", () => {
    expect(found(of([other]), withChart, { ...STATE, letIn })).toEqual([
      "gitlab-job-tokens-others: let in are team/other",
    ]);
  });

  test("by outputs alone only how many is known", () => {
    expect(found(of([other]), withChart, null)).toEqual([]);
    expect(found(of([app, other]), withChart, null)).toEqual([
      "gitlab-job-tokens-others: let in are team/app, team/other; one project is declared",
    ]);
    expect(found(of([app]), OUTPUTS, null)).toEqual(["gitlab-job-tokens-others: let in are team/app"]);
  });
});

describe("who may merge, and who may take the protection away", () => {
  const developers = { access_level: 30, access_level_description: "Developers" };
  const merged = { branches: [{ ...RULE, merge_access_levels: [developers] }] };

  test("developers, only where it is declared", () => {
    expect(found(merged)).toEqual(["gitlab-branch-mergers: Developers may merge"]);
    expect(found(merged, OUTPUTS, { ...STATE, developersMayMerge: true })).toEqual([]);
    expect(found(merged, OUTPUTS, null)).toEqual([]);
  });

  test("one user or group is nobody that the program knows", () => {
    const jane = { access_level: 40, user_id: 5, access_level_description: "Jane" };
    expect(found({ branches: [{ ...RULE, merge_access_levels: [jane] }] })).toEqual([
      "gitlab-branch-mergers: Jane may merge",
    ]);
  });

  test("developers who unprotect", () => {
    expect(found({ branches: [{ ...RULE, unprotect_access_levels: [developers] }] })).toEqual([
      "gitlab-branch-unprotectors: Developers may unprotect it",
    ]);
    expect(found({ branches: [{ ...RULE, unprotect_access_levels: [] }] })).toEqual([]);
  });
});

describe("settings of the project", () => {
  const set = (change: Partial<ProjectFacts["settings"]>, state = STATE) =>
    found({ settings: { ...FACTS.settings, ...change } }, OUTPUTS, state);

  test("who sees it", () => {
    const shown = (visibility: string) => [`gitlab-project-shown: it is ${visibility}`];
    expect(set({ visibility: "public" })).toEqual(shown("public"));
    expect(set({ visibility: "internal" })).toEqual(shown("internal"));
    // As it was when it was taken over: that is not the program's affair.
    expect(set({ visibility: "internal" }, { ...STATE, visibility: "internal" })).toEqual([]);
  });

  test("forks, where they are declared to be off", () => {
    expect(set({ forking_access_level: "enabled" })).toEqual([
      "gitlab-project-forks: forking_access_level is enabled",
    ]);
    expect(set({ forking_access_level: "enabled" }, { ...STATE, forking: undefined })).toEqual([]);
  });

  test("another CI file", () => {
    expect(set({ ci_config_path: "x.yml" })).toEqual([
      "gitlab-ci-file: it is x.yml, declared is GitLab's own .gitlab-ci.yml",
    ]);
    expect(set({ ci_config_path: null })).toEqual([]);
    expect(set({ ci_config_path: null }, { ...STATE, ciConfigPath: "ci/sops.yml" })).toEqual([
      "gitlab-ci-file: it is GitLab's own .gitlab-ci.yml, declared is ci/sops.yml",
    ]);
  });
});

test("a variable that is shown in logs on purpose", () => {
  const pipelines = { ...OUTPUTS.audit.pipelines, variables: ["HOST (production)"] };
  const outputs = { ...OUTPUTS, audit: { ...OUTPUTS.audit, pipelines } };
  const variables = [{ key: "HOST", protected: true, masked: false, environment_scope: "production" }];
  const unmasked = new Set(["HOST (production)"]);
  expect(found({ variables }, outputs)).toEqual(["gitlab-variable-unmasked: it is not masked"]);
  expect(found({ variables }, outputs, { ...STATE, unmasked })).toEqual([]);
  expect(found({ variables }, outputs, null)).toEqual([]);
});

describe("files that the program writes", () => {
  const declared = "creation_rules:\n  - age: age1ours\n";
  const file = (path: string, text: string | undefined, wanted = declared) => ({
    files: [{ path, branch: "main", declared: wanted, text }],
  });

  test("as declared", () => {
    expect(found(file("ci.yml", declared))).toEqual([]);
    expect(found(file(".sops.yaml", `# ours\n${declared}`))).toEqual([]);
  });

  test("an edited one: where it begins to differ, never what stands there", () => {
    expect(found(file("ci.yml", "a: 1\nb: 3\n", "a: 1\nb: 2\n"))).toEqual([
      "gitlab-file-changed: it is another from line 2 on",
    ]);
    expect(found(file("ci.yml", "a: 1\n", "a: 1\nb: 2\n"))).toEqual([
      "gitlab-file-changed: it is another from line 2 on",
    ]);
    expect(found(file("ci.yml", undefined))).toEqual(["gitlab-file-changed: it is not there"]);
  });

  test("what people encrypt with: a recipient more, and anything else", () => {
    expect(found(file(".sops.yaml", `${declared.trim()},age1mallory\n`))).toEqual([
      "gitlab-recipient-added: it names age age1mallory, which is not declared",
    ]);
    expect(found(file(".sops.yaml", `${declared}    encrypted_regex: ^a$\n`))).toEqual([
      expect.stringMatching(/^gitlab-file-changed: line 2: encrypted_regex is \^a\$/),
    ]);
    expect(found(file(".sops.yaml", undefined))).toEqual(["gitlab-file-changed: it is not there"]);
  });
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
