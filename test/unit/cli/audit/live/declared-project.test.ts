import { expect, test } from "vitest";
import { declaredProject } from "../../../../../cli/audit/live/gitlab/declared-project";
import { exportedStack, stateResources } from "../../../../../cli/audit/source/state-resource";
import { exported, resource, secret } from "../support/stack";

const of = (kind: string, outputs: object, id?: string) =>
  resource(`gitlab:index/${kind}`, kind, { project: "101", ...outputs }, id);
const project = (outputs: object = {}) =>
  of("project:Project", { visibilityLevel: "private", ciConfigPath: "", ...outputs }, "101");
const rule = (outputs: object) => of("branchProtection:BranchProtection", outputs);
const read = (...resources: object[]) =>
  declaredProject(stateResources(exportedStack.parse(exported(resources))), "101");

test("a state without the project tells nothing", () => {
  expect(read()).toBeUndefined();
  expect(read(of("project:Project", {}, "102"))).toBeUndefined();
});

test("all that there is", () => {
  const variable = { value: secret("hush", true), environmentScope: "production" };
  const told = read(
    project({ forkingAccessLevel: "disabled", ciConfigPath: "ci.yml" }),
    of("repositoryFile:RepositoryFile", { filePath: "ci.yml", branch: "main", content: "a: 1\n" }),
    of("repositoryFile:RepositoryFile", { project: "102", filePath: "x", branch: "main", content: "x" }),
    of("projectVariable:ProjectVariable", { key: "SHOWN", masked: false, ...variable }),
    of("projectVariable:ProjectVariable", { key: "HIDDEN", masked: true, ...variable }),
    of("projectJobTokenScope:ProjectJobTokenScope", { targetProjectId: 102 }),
    of("projectJobTokenScope:ProjectJobTokenScope", { project: "102", targetProjectId: 101 }),
  );
  expect(told).toEqual({
    files: [{ path: "ci.yml", branch: "main", text: "a: 1\n" }],
    developersMayMerge: false,
    letIn: new Set([102]),
    unmasked: new Set(["SHOWN (production)"]),
    visibility: "private",
    forking: "disabled",
    ciConfigPath: "ci.yml",
  });
});

test.each([
  [{ mergeAccessLevel: "maintainer" }, false],
  [{ mergeAccessLevel: "developer" }, true],
  [{ allowedToMerges: [{ accessLevel: "maintainer" }] }, false],
  [{ allowedToMerges: [{ accessLevel: "developer" }] }, true],
  [{ project: "102", mergeAccessLevel: "developer" }, false],
])("%j: developers may merge %s", (outputs, expected) => {
  expect(read(project(), rule(outputs))?.developersMayMerge).toBe(expected);
});
