import { describe, expect, it } from "vitest";
import { parsePath, renderPath } from "../../../sandbox/providers/engine/property-path";

describe("property paths", () => {
  it.each([
    ["name", ["name"]],
    ["spec.template", ["spec", "template"]],
    ["allowedRoles[0]", ["allowedRoles", 0]],
    ['data["config.yaml"]', ["data", "config.yaml"]],
    ['["a.b"][2].c', ["a.b", 2, "c"]],
    ['labels["with \\"quotes\\""]', ["labels", 'with "quotes"']],
  ])("reads and writes %s", (path, steps) => {
    expect(parsePath(path)).toEqual(steps);
    expect(renderPath(steps)).toBe(path);
  });

  it("refuses what is no path", () => {
    expect(() => parsePath("a[")).toThrow("not a property path at character 1: a[");
  });
});
