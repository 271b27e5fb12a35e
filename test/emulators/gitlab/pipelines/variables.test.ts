import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { secondsOf, spellSeconds } from "../../../../sandbox/emulators/gitlab/pipelines/config/duration";
import { jobEnvironment } from "../../../../sandbox/emulators/gitlab/pipelines/variables/job-environment";
import { visibleVariables } from "../../../../sandbox/emulators/gitlab/pipelines/variables/project-variables";
import { slugOf } from "../../../../sandbox/emulators/gitlab/pipelines/variables/slug";
import { variable } from "./support/memory-host";

const folder = mkdtempSync(join(tmpdir(), "sopsloop-variables-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("the variables of a project", () => {
  const seen = (scope: Parameters<typeof visibleVariables>[1]) =>
    Object.fromEntries(
      visibleVariables(
        [
          variable("PLAIN", "1"),
          variable("GUARDED", "2", { protected: true }),
          variable("WHERE", "anywhere"),
          variable("WHERE", "some", { environmentScope: "prod/*" }),
          variable("WHERE", "exact", { environmentScope: "prod/eu" }),
          variable("ONLY", "dev", { environmentScope: "dev" }),
        ],
        scope,
      ).map(({ key, value }) => [key, value]),
    );

  test("are seen without protected ones on a ref that is not protected", () => {
    expect(seen({ protectedRef: false })).toEqual({ PLAIN: "1", WHERE: "anywhere" });
    expect(seen({ protectedRef: true })).toEqual({ PLAIN: "1", GUARDED: "2", WHERE: "anywhere" });
  });

  test("are chosen by the scope that fits the environment best", () => {
    expect(seen({ protectedRef: false, environment: "prod/us" })).toEqual({ PLAIN: "1", WHERE: "some" });
    expect(seen({ protectedRef: false, environment: "prod/eu" })).toEqual({ PLAIN: "1", WHERE: "exact" });
    expect(seen({ protectedRef: false, environment: "dev" })).toEqual({
      PLAIN: "1",
      WHERE: "anywhere",
      ONLY: "dev",
    });
  });
});

describe("the environment of a job", () => {
  const layers = {
    predefined: { CI_COMMIT_MESSAGE: "costs $5", GIT_DEPTH: "20", A: "predefined" },
    yaml: { A: "yaml" },
    reported: { B: "reported" },
    project: [variable("B", "project"), variable("C", "$A", { raw: true }), variable("D", "$A")],
    given: [{ key: "D", value: "given", variableType: "env_var" as const }],
    idTokens: { VAULT_ID_TOKEN: "a.b.c" },
  };

  test("leaves the CI file's variables to gitlab-ci-local and puts the stronger ones over them", () => {
    expect(jobEnvironment(layers, folder)).toEqual({
      CI_COMMIT_MESSAGE: "costs $$5",
      GIT_DEPTH: "20",
      B: "project",
      C: "$$A",
      D: "given",
      VAULT_ID_TOKEN: "a.b.c",
    });
  });

  test("holds the path of a file variable, whose value only its owner may read", () => {
    const ca = variable("VAULT_CACERT", "-----BEGIN", { variableType: "file" });
    const { VAULT_CACERT = "" } = jobEnvironment({ ...layers, project: [ca] }, folder);
    expect(readFileSync(VAULT_CACERT, "utf8")).toBe("-----BEGIN");
    expect(statSync(VAULT_CACERT).mode & 0o777).toBe(0o600);
  });
});

describe("lengths of time", () => {
  test.each([
    ["90", 90],
    ["10 minutes", 600],
    ["1h 30m", 5_400],
    ["2 hours and 5 mins", 7_500],
    ["1 week", 604_800],
    ["soon", undefined],
    ["5 parsecs", undefined],
  ])("%s", (text, seconds) => {
    expect(secondsOf(text)).toBe(seconds);
  });

  test("are spelled as in a runner's log", () => {
    expect([45, 60, 3_725].map(spellSeconds)).toEqual(["45s", "1m0s", "1h2m5s"]);
  });
});

test("a slug has nothing that a host name must not have", () => {
  expect(slugOf("Feature/Some_Thing.2")).toBe("feature-some-thing-2");
  expect(slugOf("-".repeat(3) + "x".repeat(80))).toHaveLength(60);
});
