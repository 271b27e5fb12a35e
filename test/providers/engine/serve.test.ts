import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { PluginClient } from "../plugin-client";

const MAIN = "sandbox/providers/vault/main.ts";
const ARGV = ["--import", "tsx", MAIN, "127.0.0.1:1"];

describe("a plugin process", () => {
  it("prints its port and answers on it", async () => {
    const plugin = await PluginClient.spawned(process.execPath, ARGV, process.env);
    expect(await plugin.version()).toBe("7.8.0");
    await plugin.close();
  });

  it("leaves when the engine asks it to", async () => {
    const child = spawn(process.execPath, ARGV, { stdio: ["ignore", "pipe", "ignore"] });
    await once(child.stdout, "data");
    const gone = once(child, "exit");
    child.kill("SIGINT");
    expect(await gone).toEqual([0, null]);
  });

  it("leaves when the engine that started it is killed", async () => {
    const script = `const c = require("child_process").spawn(process.execPath, ${JSON.stringify(ARGV)}, { stdio: ["ignore", "pipe", "ignore"] });
      c.stdout.once("data", () => console.log(c.pid));`;
    const engine = spawn(process.execPath, ["-e", script], { stdio: ["ignore", "pipe", "ignore"] });
    let pid = 0;
    for await (const line of createInterface({ input: engine.stdout })) {
      pid = Number(line);
      break;
    }
    engine.kill("SIGKILL");
    for (let waited = 0; waited < 100 && isAlive(pid); waited++) await sleep(100);
    expect(isAlive(pid)).toBe(false);
  });
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
