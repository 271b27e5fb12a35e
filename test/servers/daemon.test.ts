import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { Daemon, type Launch } from "../../sandbox/processes/daemon";
import { identityOf, isRunning } from "../../sandbox/processes/process-identity";
import { temporaryFolders } from "./temporary-folder";

const temporary = temporaryFolders();
const started: Daemon[] = [];

afterEach(async () => {
  for (const daemon of started.splice(0)) await daemon.stop(100);
});

function daemonIn(folder: string): Daemon {
  const daemon = new Daemon("sleeper", { run: folder, logs: folder });
  started.push(daemon);
  return daemon;
}

function node(script: string): Launch {
  return { file: process.execPath, args: ["-e", script], env: {}, cwd: "/" };
}

const SLEEP = node("setInterval(() => {}, 1000)");

describe("a background process", () => {
  test("is started once, found again by another command, and stopped", async () => {
    const folder = temporary();
    expect(await daemonIn(folder).start(SLEEP)).toBe(true);
    const again = daemonIn(folder);
    expect(await again.start(SLEEP)).toBe(false);
    const identity = identityOf(again.pid ?? 0);
    expect(identity).toBeDefined();
    await again.stop();
    expect(identity && isRunning(identity)).toBe(false);
    expect(again.pid).toBeUndefined();
  });

  test("is replaced when it is to run differently", async () => {
    const daemon = daemonIn(temporary());
    await daemon.start(SLEEP);
    const before = daemon.pid;
    expect(await daemon.start({ ...SLEEP, env: { OTHER: "1" } })).toBe(true);
    expect(daemon.pid).toBeDefined();
    expect(daemon.pid).not.toBe(before);
  });

  test("is kept when only the shell's own settings differ", async () => {
    const daemon = daemonIn(temporary());
    await daemon.start(SLEEP);
    expect(await daemon.start({ ...SLEEP, env: { PATH: "/elsewhere", TMPDIR: "/var/tmp" } })).toBe(false);
  });

  test("is ended by force when it does not listen", async () => {
    const daemon = daemonIn(temporary());
    await daemon.start(
      node("process.on('SIGTERM', () => {}); console.log('deaf'); setInterval(() => {}, 1000)"),
    );
    await daemon.ready(async () => daemon.tail().includes("deaf"), 10_000);
    await daemon.stop(200);
    expect(daemon.pid).toBeUndefined();
  });

  test("is not mistaken for a process that has its id by now", async () => {
    const folder = temporary();
    writeFileSync(
      join(folder, "sleeper.pid"),
      JSON.stringify({ pid: process.pid, started: "before", launch: "" }),
    );
    const daemon = daemonIn(folder);
    expect(daemon.pid).toBeUndefined();
    await daemon.stop();
  });

  test("tells what its log ends with when it dies early", async () => {
    const daemon = daemonIn(temporary());
    const dies = async () => {
      await daemon.start(node("console.error('no such config'); process.exit(3)"));
      await daemon.ready(async () => false, 10_000);
    };
    await expect(dies()).rejects.toThrow(
      /^sleeper ended by itself; its log ends with\nno such config\n {2}\(.*sleeper\.log\)$/,
    );
  });

  test("cannot be started from a file that is not there", async () => {
    const missing = { ...SLEEP, file: "/nonexistent/tool" };
    await expect(daemonIn(temporary()).start(missing)).rejects.toThrow(
      "sleeper: cannot start /nonexistent/tool: spawn /nonexistent/tool ENOENT",
    );
  });
});
