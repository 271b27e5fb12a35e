import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { Rendering } from "../../../../cli/chart/render/rendering";
import { runTool } from "../../../../cli/chart/render/tool";

describe("a rendering", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "sopsloop-rendering-"));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  test("is begun once, and its text is the same at each call", async () => {
    let calls = 0;
    const rendering = new Rendering(async () => `${++calls}`);
    expect(calls).toBe(0);
    rendering.begin();
    rendering.begin();
    expect(calls).toBe(1);
    expect([await rendering.text(), await rendering.text()]).toEqual(["1", "1"]);
    expect([await rendering.again(), await rendering.text()]).toEqual(["2", "1"]);
  });

  test("tells whoever asks why it failed, and is no defect where nobody does", async () => {
    const rendering = new Rendering(() => Promise.reject(new Error("no image is set")));
    rendering.begin();
    await new Promise(setImmediate);
    await expect(rendering.text()).rejects.toThrow("no image is set");
    await rendering.end();
  });

  test("the end of it ends the tool, and waits until it is gone", async () => {
    const pidFile = join(folder, "pid");
    const words = ["-c", 'echo $$ > "$0.new"; mv "$0.new" "$0"; exec sleep 1000', pidFile];
    const call = { words, cwd: folder, env: process.env, input: "" };
    const rendering = new Rendering(async (signal) => (await runTool("sh", { ...call, signal })).stdout);
    rendering.begin();
    await vi.waitUntil(() => existsSync(pidFile), { timeout: 30_000, interval: 10 });
    const pid = readFileSync(pidFile, "utf8").trim();
    expect(existsSync(`/proc/${pid}`)).toBe(true);
    await rendering.end();
    expect(existsSync(`/proc/${pid}`)).toBe(false);
  });

  test("nothing is begun after its end", async () => {
    const call = { words: ["-c", "echo begun > begun"], cwd: folder, env: process.env, input: "" };
    const rendering = new Rendering(async (signal) => (await runTool("sh", { ...call, signal })).stdout);
    await rendering.end();
    await expect(rendering.again()).rejects.toThrow(/abort/);
    expect(existsSync(join(folder, "begun"))).toBe(false);
  });
});
