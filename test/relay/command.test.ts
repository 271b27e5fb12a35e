import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { main } from "../../cli/program";
import { keyEvent } from "../unit/relay/support/events";
import { SECRET, SECRET_ENV } from "../unit/relay/support/rig";
import { SmallGitLab } from "./support/small-gitlab";

let gitlab: SmallGitLab;
let folder: string;

beforeAll(async () => {
  gitlab = await SmallGitLab.start();
  folder = mkdtempSync(join(tmpdir(), "sopsloop-relay-serves-"));
});
afterAll(async () => {
  await gitlab.stop();
  rmSync(folder, { recursive: true, force: true });
});

function started(env: Readonly<Record<string, string | undefined>>, ...words: string[]) {
  const said = { out: "", err: "" };
  const io = {
    stdout: { write: (text: string) => (said.out += text) },
    stderr: { write: (text: string) => (said.err += text) },
    ...{ env, cwd: folder, isTerminal: false },
  };
  return { said, code: main(words, io) };
}

function settings() {
  return { ...SECRET_ENV, GITLAB_URL: gitlab.url, RELAY_CLAIMS: join(folder, "claims") };
}

test("sopsloop relay serves until it is told to end; sopsloop relay replay posts to it", async () => {
  const { said, code } = started(settings(), "relay", "--listen", "127.0.0.1:0");
  let address: string | undefined;
  while (address === undefined) {
    address = /"address":"([^"]+)"/.exec(said.out)?.[1];
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect(await (await fetch(`${address}/healthz`)).text()).toBe("ok\n");
  writeFileSync(
    join(folder, "dead.json"),
    JSON.stringify([{ ...keyEvent(), deadLetterReason: "TimeToLiveExceeded" }]),
  );
  const words = ["relay", "replay", join(folder, "dead.json"), "--to", `${address}/events`];
  for (const [outcome, counts] of [
    ["triggered", "1 triggered, 0 done before"],
    ["duplicate", "0 triggered, 1 done before"],
  ] as const) {
    const replayed = started({ RELAY_SECRET: SECRET }, ...words);
    expect(await replayed.code).toBe(0);
    expect(replayed.said.out).toBe(
      `${outcome}  ${join(folder, "dead.json")}: TimeToLiveExceeded\n${counts}, 0 of no concern, 0 failed\n`,
    );
    expect(replayed.said.err).toBe("");
  }
  // By itself, on the same claims, beside the relay that runs.
  const own = started(settings(), "relay", "replay", join(folder, "dead.json"));
  expect(await own.code).toBe(0);
  expect(own.said.out).toContain("1 done before");
  expect(gitlab.triggers).toHaveLength(1);
  process.emit("SIGTERM");
  expect(await code).toBe(0);
});

test("an address that is taken: one line, exit code 1", async () => {
  const taken = createServer();
  await new Promise<void>((resolve) => taken.listen(0, "127.0.0.1", resolve));
  const { port } = taken.address() as { port: number };
  const { said, code } = started(settings(), "relay", "--listen", `127.0.0.1:${port}`);
  expect(await code).toBe(1);
  expect(said.err).toBe(
    `sopsloop: --listen 127.0.0.1:${port}: cannot be served (EADDRINUSE); choose another address\n`,
  );
  await new Promise((resolve) => taken.close(resolve));
});
