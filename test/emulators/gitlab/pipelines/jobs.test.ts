import { existsSync, readdirSync, readFileSync } from "node:fs";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { variable } from "./support/memory-host";
import { ADA, Pipelines } from "./support/pipelines";

/** Counts the processes whose arguments hold a value, without naming it in an argument. */
const IN_ARGUMENTS = (name: string) =>
  `cat /proc/[0-9]*/cmdline 2>/dev/null | tr '\\0' ' ' | grep -c -F -f <(printenv ${name}) || true`;

const CI_FILE = `
workflow:
  rules:
    - if: $CI_PIPELINE_SOURCE == "trigger"
      variables: { KIND: by-trigger }
variables:
  SHARED: from-yaml
  LOCAL: from-yaml
make:
  stage: build
  id_tokens:
    VAULT_ID_TOKEN: { aud: $CI_SERVER_URL/vault }
  before_script: [echo before]
  script:
    - echo "kind $KIND, rule $HOW, shared $SHARED, local $LOCAL, given $GIVEN, raw $RAW"
    - echo "guarded '$GUARDED'"
    - cat "$CERTIFICATE"; stat -c '%a' "$CERTIFICATE"
    - env | cut -d= -f1 | sort | tr '\\n' ' '
    - printenv PASSWORD CI_JOB_TOKEN VAULT_ID_TOKEN
    - ${IN_ARGUMENTS("VAULT_ID_TOKEN")}
    - ${IN_ARGUMENTS("CI_JOB_TOKEN")}
    - ${IN_ARGUMENTS("PASSWORD")}
    - ${IN_ARGUMENTS("FLAG")}
    - git status --short --branch; git remote get-url origin; git config --get-regexp '^http'
    - git config --global user.name robot && cat "$HOME/.gitconfig" | head -1
    - mkdir -p out/deep && echo one > out/a.txt && echo two > out/deep/b.txt && echo three > out/deep/c.log
    - echo '[]' > quality.json && echo "RESULT=from-report" > job.env
  artifacts:
    paths: [out/]
    exclude: ["out/**/*.log"]
    reports: { codequality: quality.json, dotenv: job.env }
  rules:
    - if: $SHARED == "no"
      variables: { HOW: first }
    - if: $SHARED
      variables: { HOW: second }
use:
  stage: test
  id_tokens:
    VAULT_ID_TOKEN: { aud: [one, two] }
  script:
    - find out -type f | sort | tr '\\n' ' '
    - echo "result $RESULT"
    - printenv VAULT_ID_TOKEN | rev
    - exit 3
  after_script: [echo "after $CI_JOB_STATUS"]
  allow_failure: { exit_codes: [3] }
`;

describe("a job", () => {
  let pipelines: Pipelines;
  let id: number;
  afterEach(() => vi.unstubAllEnvs());
  beforeAll(async () => {
    vi.stubEnv("VAULT_TOKEN", "hvs.of-the-developer");
    vi.stubEnv("KUBECONFIG", "/home/developer/.kube/config");
    vi.stubEnv("GCL_VARIABLE_LEAK", "leak");
    pipelines = await Pipelines.start({ environment: { SITE: "sandbox" } });
    pipelines.host.list = [
      variable("SHARED", "from-project"),
      variable("PASSWORD", "correct-horse", { masked: true }),
      variable("GUARDED", "treasure", { protected: true }),
      // A known argument, which shows that the look finds one.
      variable("FLAG", "--force-shell-executor"),
      variable("RAW", "$SHARED", { raw: true }),
      variable("CERTIFICATE", "PEM", { variableType: "file" }),
    ];
    const sha = await pipelines.repository.commit({ ".gitlab-ci.yml": CI_FILE }, { branch: "topic" });
    const given = { key: "GIVEN", value: "by-caller", variableType: "env_var" } as const;
    const request = pipelines.request(sha, { ref: "topic", variables: [given], triggerShortToken: "a1b2" });
    id = (await pipelines.runner.create(request)).id;
    await pipelines.runner.idle();
  });
  afterAll(() => pipelines.stop());

  const make = () => pipelines.trace(id, "make").split("\n");
  const use = () => pipelines.trace(id, "use").split("\n");
  /** The line after a command's. */
  const answer = (lines: readonly string[], command: string, offset = 1) =>
    lines[lines.findIndex((line) => line.startsWith(`$ ${command}`)) + offset];

  test("sees variables in GitLab's order, and no protected one on a ref that is not protected", () => {
    expect(make()).toContain(
      "kind by-trigger, rule second, shared from-project, local from-yaml, given by-caller, raw $SHARED",
    );
    expect(make()).toContain("guarded ''");
    expect(answer(make(), "cat")).toBe("PEM600");
  });

  test("has no variable of the shell that the emulator was started from", () => {
    const names = answer(make(), "env | cut")?.trim().split(" ") ?? [];
    const ofGitLab = /^(?:CI|CI_\w+|GITLAB_CI|GITLAB_USER_\w+)$/;
    expect(names.filter((name) => !ofGitLab.test(name))).toEqual([
      "CERTIFICATE",
      "FLAG",
      "GIT_CONFIG_NOSYSTEM",
      "GIT_TERMINAL_PROMPT",
      "GIVEN",
      "HOME",
      "HOW",
      "KIND",
      "LANG",
      "LOCAL",
      "PASSWORD",
      "PATH",
      "PWD",
      "RAW",
      "SHARED",
      "SHLVL",
      "SITE",
      "TMPDIR",
      "VAULT_ID_TOKEN",
      "_",
    ]);
    expect(names).toContain("CI_TRIGGER_SHORT_TOKEN");
    expect(names).not.toContain("CI_REGISTRY");
  });

  test("shows no secret in its trace, and has none in any process's arguments", () => {
    const shown = make().join("\n");
    expect(answer(make(), "printenv", 1)).toBe("[MASKED]");
    expect(answer(make(), "printenv", 2)).toBe("[MASKED]");
    expect(answer(make(), "printenv", 3)).toBe("[MASKED]");
    expect(shown).not.toMatch(/correct-horse|glcbt-job|id-token\./);
    const counts = make().filter((_line, index, lines) => lines[index - 1]?.startsWith("$ cat /proc"));
    expect(counts).toEqual(["0", "0", "0", "1"]);
  });

  test("works in a clean clone with a detached HEAD and a remote without a token", () => {
    expect(answer(make(), "git status", 1)).toBe("## HEAD (no branch)");
    expect(answer(make(), "git status", 2)).toBe("https://127.0.0.1:13443/platform/deploy.git");
    expect(answer(make(), "git status", 3)).toBe(
      `http.https://127.0.0.1:13443.sslcainfo ${pipelines.host.ca}`,
    );
    expect(answer(make(), "git config")).toBe("[user]");
  });

  test("hands its artifacts and reported variables on, and its reports are kept", () => {
    const job = pipelines.job(id, "make");
    expect(job.artifacts.map(({ path }) => path)).toEqual([
      "codequality/quality.json",
      "dotenv/job.env",
      "archive/out/a.txt",
      "archive/out/deep/b.txt",
    ]);
    expect(readFileSync(pipelines.runner.artifact(job.id, "codequality/quality.json"), "utf8")).toBe("[]\n");
    expect(answer(use(), "find")?.trim()).toBe("out/a.txt out/deep/b.txt");
    expect(use()).toContain("result from-report");
  });

  test("gets an id_token of its own, for the audience that it names", () => {
    const reversed = answer(use(), "printenv") ?? "";
    expect([...reversed].reverse().join("")).toBe("id-token.use.one+two");
  });

  test("may fail with an exit code that is forgiven, and still runs its after_script", () => {
    expect(pipelines.job(id, "use")).toMatchObject({
      status: "failed",
      exitCode: 3,
      failureReason: "script_failure",
      allowFailure: true,
    });
    expect(use()).toContain("after failed");
    expect(use().at(-2)).toBe("ERROR: Job failed: exit status 3");
    expect(pipelines.host.pipelineStatuses.at(-1)).toBe("success");
  });

  test("leaves no clone and no valid token behind", () => {
    expect(existsSync(pipelines.work) ? readdirSync(pipelines.work) : []).toEqual([]);
    expect([...pipelines.host.tokens]).toEqual([]);
  });

  test("is run again as another job", async () => {
    const old = pipelines.job(id, "use");
    const again = pipelines.runner.retryJob(old.id);
    expect(again).toMatchObject({ name: "use", retried: false, user: ADA });
    expect(old.retried).toBe(true);
    await pipelines.runner.idle();
    expect(pipelines.job(id, "use").id).toBe(again?.id);
    expect(pipelines.runner.retryJob(old.id)).toBeUndefined();
  });
});
