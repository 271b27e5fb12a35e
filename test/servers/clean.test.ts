import { spawn } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterEach, expect, test, vi } from "vitest";
import { clean } from "../../sandbox/commands/clean";
import { identityOf } from "../../sandbox/processes/process-identity";
import { lockFile, toolsCache } from "../../sandbox/toolchain/cache";
import { temporaryFolders } from "./temporary-folder";

const temporary = temporaryFolders();
afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

test("`make clean-all` waits for nobody's build, says what it removes, and removes it", async () => {
  vi.stubEnv("XDG_CACHE_HOME", temporary());
  const said: string[] = [];
  vi.spyOn(console, "log").mockImplementation((line: string) => said.push(line));
  const checkout = temporary();
  mkdirSync(dirname(lockFile()), { recursive: true });
  const builder = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"], { stdio: "ignore" });
  const ended = new Promise((resolve) => builder.once("exit", resolve));
  try {
    writeFileSync(lockFile(), JSON.stringify(identityOf(builder.pid ?? 0)));
    await expect(clean(checkout)).rejects.toThrow(
      `process ${builder.pid} is building tools into ${toolsCache()}; wait until it is done, or end it, and try again`,
    );
    expect(existsSync(toolsCache())).toBe(true);
  } finally {
    builder.kill("SIGKILL");
    await ended;
  }
  await clean(checkout);
  expect(existsSync(toolsCache())).toBe(false);
  expect(existsSync(join(checkout, ".sandbox"))).toBe(false);
  expect(said).toContain(
    `removing ${toolsCache()}: the tools, which all checkouts share; the next \`make up\` of any of them builds them again`,
  );
});
