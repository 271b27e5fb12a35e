import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { until } from "../../../../sandbox/processes/until";
import { BuiltCommand, exitOf } from "../support/built-command";
import { MoodyProxy } from "../support/moody-proxy";
import { GOOD, refusalStage } from "../support/refusal-stage";
import { rewrapIn } from "../support/rewrap-in";

const stage = refusalStage();

let command: BuiltCommand;
beforeAll(async () => {
  command = await BuiltCommand.build();
});
afterAll(() => command?.remove());

describe("sopsloop rewrap refuses what stands before Vault:", () => {
  let proxy: MoodyProxy;

  beforeEach(async () => {
    proxy = await MoodyProxy.before(stage.vault);
    const env = { VAULT_ADDR: proxy.address, VAULT_CACERT: proxy.ca };
    stage.repository = stage.repository.with(env);
    for (const path of GOOD) {
      stage.repository.write(
        path,
        stage.repository.read(path).replaceAll(stage.vault.address, proxy.address),
      );
    }
    stage.repository.commitAll("Through the proxy");
  });
  afterEach(() => proxy.stop());

  test("answers of 503, 429 and 502 and a lost connection are tried again", async () => {
    proxy.moods = [
      { status: 503 },
      { status: 429, headers: { "retry-after": "1" } },
      "pass",
      "hang up",
      { status: 502 },
    ];
    const { code, out } = await rewrapIn(stage.repository);
    expect({ code, out }).toEqual({ code: 0, out: expect.stringMatching(/^Changed 3 of 3 sops files/) });
    expect(proxy.moods).toEqual([]);
  });

  test("a 429 that stays is told", async () => {
    proxy.always = { status: 429, headers: { "retry-after": "0" } };
    stage.refused(
      await rewrapIn(stage.repository, [], { VAULT_MAX_RETRIES: "1" }),
      `Vault at ${proxy.address} still answers 429: the proxy is in a mood, tried 2 times; run this again later (VAULT_MAX_RETRIES sets how patient it is)`,
    );
    expect(proxy.requests).toBe(2);
  });

  test("another run that is at work in the tree, until it is gone", async () => {
    // A lock names its process and when that was started; this one is too old to be of a living one.
    writeFileSync(join(stage.repository.folder, ".git", "sopsloop.lock"), String(process.ppid));
    expect((await rewrapIn(stage.repository)).code).toBe(0);
    stage.repository.git("checkout", "--quiet", ".");
    const before = proxy.requests;
    proxy.always = { after: () => new Promise(() => undefined) };
    const child = command.start(stage.repository, []);
    try {
      // Once it has asked Vault, which does not answer, it stays at work.
      const asked = async () => proxy.requests > before || undefined;
      await until(asked, { what: "the other run to ask Vault", timeoutMs: 60_000 });
      const ran = await rewrapIn(stage.repository);
      expect({ code: ran.code, err: ran.err }).toEqual({
        code: 1,
        err: `sopsloop: ${stage.repository.folder}: another run of sopsloop (process ${child.pid}) is at work here; wait for it\n`,
      });
    } finally {
      child.kill("SIGKILL");
      await exitOf(child);
    }
    proxy.always = undefined;
    expect((await rewrapIn(stage.repository)).code).toBe(0);
  });

  test("17. a Vault that is gone halfway is told, and nothing is changed", async () => {
    proxy.moods = ["pass", "hang up", "hang up"];
    stage.refused(
      await rewrapIn(stage.repository, [], { VAULT_MAX_RETRIES: "1" }),
      `Vault at ${proxy.address} cannot be reached (ECONNRESET, tried 2 times); does it run, and can this machine reach it?`,
    );
  });
});
