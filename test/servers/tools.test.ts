import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { buildFlags, MODULES, toolFolder } from "../../sandbox/toolchain/cache";
import { TOOLS } from "../../sandbox/toolchain/tools";

const read = (folder: string, file: string) => readFileSync(join(MODULES, folder, file), "utf8");

describe("the table of tools", () => {
  test.each(TOOLS.map((tool) => [tool.name, tool] as const))("%s is pinned as its go.mod says", (_, tool) => {
    const pinned = read(tool.folder, "go.mod")
      .split("\n")
      .map((line) => line.replace(/^require /, "").trim());
    expect(pinned).toContain(`${tool.module} ${tool.version}`);
    expect(existsSync(join(MODULES, tool.folder, "go.sum"))).toBe(true);
    const imports = read(tool.folder, "tools.go");
    for (const binary of tool.binaries) expect(imports).toContain(`"${binary.package}"`);
  });

  test("no two tools make the same binary", () => {
    const names = TOOLS.flatMap((tool) => tool.binaries.map(({ name }) => name));
    expect(new Set(names).size).toBe(names.length);
  });

  test("flags are passed as Go wants them", () => {
    const flagsOf = (name: string) => TOOLS.filter((tool) => tool.name === name).flatMap(buildFlags);
    expect(flagsOf("vault")).toEqual([
      "-trimpath",
      "-buildvcs=false",
      "-tags",
      "minimal",
      "-ldflags",
      "-s -w",
    ]);
    expect(flagsOf("pulumi")).toEqual([
      "-trimpath",
      "-buildvcs=false",
      "-ldflags",
      "-s -w -X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=3.256.0",
    ]);
  });

  test("a tool's folder changes with its flags", () => {
    const [tool] = TOOLS;
    if (!tool) throw new Error("the table is empty");
    expect(toolFolder({ ...tool, tags: "other" }, "/cache")).not.toBe(toolFolder(tool, "/cache"));
    expect(toolFolder(tool, "/cache")).toMatch(/^\/cache\/etcd\/v3\.7\.3-[0-9a-f]{12}$/);
  });

  test.each([
    ["kubernetes", "Kubernetes v1.36.9", true],
    ["kubernetes", "Kubernetes v1.20.2", false],
    ["pulumi", "v3.256.0", true],
    ["pulumi", "v3.270.1", true],
    ["pulumi", "v3.100.0", false],
    ["sops", "sops 3.13.3 (latest)", true],
    ["sops", "sops 3.13.2", false],
    ["sops", "sops 3.14.0", true],
    ["vault", "Vault v1.21.4 (abc)", true],
    ["vault", "Vault v1.9.0", false],
    ["age", "v1.2.1", true],
    ["age", "1.0.0", false],
  ])("%s on PATH that says %j: accepted is %s", (name, printed, accepted) => {
    expect(TOOLS.find((tool) => tool.name === name)?.acceptsOnPath?.test(printed)).toBe(accepted);
  });
});
