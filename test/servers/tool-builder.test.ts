import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { run } from "../../sandbox/processes/run";
import { BuildLock } from "../../sandbox/toolchain/build-lock";
import { Timings, timingTable } from "../../sandbox/toolchain/timings";
import type { Tool } from "../../sandbox/toolchain/tool";
import { ToolBuilder } from "../../sandbox/toolchain/tool-builder";
import { temporaryFolders } from "./temporary-folder";

const temporary = temporaryFolders();
const MODULE = "sopsloop.invalid/hello";
const HELLO = 'package main\n\nimport "fmt"\n\nfunc main() { fmt.Println("hello 1.0") }\n';

/** A tool of one file that needs nothing but Go itself. */
const tool: Tool = {
  name: "hello",
  folder: "hello",
  module: MODULE,
  version: "(devel)",
  binaries: [{ name: "hello", package: MODULE, probe: [], prints: "hello 1.0" }],
};

function builder(source = HELLO) {
  const modules = temporary();
  const cache = temporary();
  mkdirSync(join(modules, "hello"));
  writeFileSync(join(modules, "hello", "go.mod"), `module ${MODULE}\n\ngo 1.26\n`);
  writeFileSync(join(modules, "hello", "go.sum"), "");
  writeFileSync(join(modules, "hello", "tools.go"), "//go:build tools\n\npackage main\n");
  writeFileSync(join(modules, "hello", "main.go"), source);
  const lines: string[] = [];
  const options = { modules, cache, path: "", report: (line: string) => lines.push(line) };
  return { cache, lines, options, builder: new ToolBuilder(options) };
}

/** Everything in the cache of a tool, complete or not. */
const leftIn = (cache: string) => (existsSync(join(cache, "hello")) ? readdirSync(join(cache, "hello")) : []);

describe("the builder", () => {
  test("builds, checks, times, and builds only once", async () => {
    const { builder: first, lines, options, cache } = builder();
    const paths = await first.ensure([tool]);
    expect(await run(paths.get("hello") ?? "", [])).toBe("hello 1.0\n");
    expect(lines[0]).toBe("tools: 1 of 1  hello (devel) …");
    expect(lines[1]).toMatch(/^tools: 1 of 1 {2}hello: [\d.]+ s, [\d.]+ s in all$/);
    expect(new Timings(cache).read().map((timing) => timing.tool)).toEqual(["hello"]);
    expect(leftIn(cache)).toHaveLength(1);

    lines.length = 0;
    expect(await new ToolBuilder(options).ensure([tool])).toEqual(paths);
    expect(lines).toEqual([]);
  });

  test("says how a build failed and leaves nothing behind", async () => {
    const { builder: broken, cache } = builder("package main\n\nfunc main() { undefinedThing() }\n");
    await expect(broken.ensure([tool])).rejects.toThrow(
      /^hello \(devel\): go build of hello failed; the log ends with\n[\s\S]*undefined: undefinedThing[\s\S]*all of it: .*hello\.log\)$/,
    );
    expect(readFileSync(join(cache, "logs", "hello.log"), "utf8")).toContain("undefinedThing");
    expect(leftIn(cache)).toEqual([]);
    expect(existsSync(join(cache, "build.lock"))).toBe(false);
  });

  test("refuses a binary that says another version", async () => {
    const { builder: other, cache } = builder(HELLO.replace("1.0", "0.9"));
    await expect(other.ensure([tool])).rejects.toThrow(
      'hello: was built but does not run as it should: "hello 1.0" is not in "hello 0.9"',
    );
    expect(leftIn(cache)).toEqual([]);
  });

  test("refuses a binary of another module version", async () => {
    const { builder: other } = builder();
    await expect(other.ensure([{ ...tool, version: "v2.0.0" }])).rejects.toThrow(
      "hello: was built from another version than v2.0.0 of sopsloop.invalid/hello; mend hello/go.mod or tools.ts",
    );
  });

  test.each([
    ["hello 1.4", true],
    ["hello 0.4", false],
  ])("PATH has %s: used is %s", async (printed, used) => {
    const { options } = builder();
    const path = temporary();
    writeFileSync(join(path, "hello"), `#!/bin/sh\necho ${printed}\n`);
    chmodSync(join(path, "hello"), 0o755);
    const paths = await new ToolBuilder({ ...options, path }).ensure([
      { ...tool, acceptsOnPath: /hello 1\./ },
    ]);
    expect(paths.get("hello") === join(path, "hello")).toBe(used);
  });
});

describe("the build lock", () => {
  test("is broken when its holder is gone", async () => {
    const file = join(temporary(), "build.lock");
    writeFileSync(file, JSON.stringify({ pid: process.pid, started: "in another life" }));
    const told: number[] = [];
    expect(await new BuildLock(file, (pid) => told.push(pid)).hold(async () => "built")).toBe("built");
    expect(told).toEqual([]);
    expect(existsSync(file)).toBe(false);
  });

  test("makes the second builder wait for the first", async () => {
    const file = join(temporary(), "build.lock");
    const order: string[] = [];
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    let begun: () => void = () => undefined;
    const beginning = new Promise<void>((resolve) => {
      begun = resolve;
    });
    const first = new BuildLock(file, () => undefined).hold(async () => {
      order.push("first begins");
      begun();
      await held;
      order.push("first ends");
    });
    await beginning;
    const second = new BuildLock(file, (pid) => {
      order.push(`waits for ${pid}`);
      release();
    }).hold(async () => order.push("second begins"));
    await Promise.all([first, second]);
    expect(order).toEqual(["first begins", `waits for ${process.pid}`, "first ends", "second begins"]);
  });

  test("is given back when the work fails", async () => {
    const file = join(temporary(), "build.lock");
    const failing = new BuildLock(file, () => undefined).hold(() => Promise.reject(new Error("no")));
    await expect(failing).rejects.toThrow("no");
    expect(existsSync(file)).toBe(false);
  });
});

test("the table of timings has the longest build first and a sum", () => {
  const at = "2026-01-01T00:00:00Z";
  const table = timingTable([
    { tool: "one", version: "v1", download: 1, build: 2, verify: 0.5, at },
    { tool: "two", version: "v2", download: 0, build: 20, verify: 0.5, at },
  ]);
  expect(table.split("\n").slice(2)).toEqual([
    "| two | v2 | 0 s | 20 s | 0.5 s |",
    "| one | v1 | 1 s | 2 s | 0.5 s |",
    "| all | | | 24 s | |",
  ]);
});
