import { afterAll, beforeAll, expect, test } from "vitest";
import type { RunResult } from "../../sandbox/processes/run";
import { tryRun } from "../../sandbox/processes/run";
import { DeployClone } from "../../sandbox/proof/deploy-clone";
import { KUSTOMIZATION, VerifiedLoop } from "./support/verified-loop";

let it: VerifiedLoop;
let clone: DeployClone;
let old = "";

beforeAll(async () => {
  it = await VerifiedLoop.start("retire");
  clone = await DeployClone.of(it.loop.layout.git.url, it.loop.env);
  old = clone.read("apps/proof.sops.yaml");
});
afterAll(async () => {
  clone?.close();
  await it?.stop();
});

const sopsloop = (...words: string[]): Promise<RunResult> =>
  tryRun("sopsloop", words, { cwd: clone.folder, env: it.loop.env });
const retire = (...words: string[]) => sopsloop("retire", "--ref", "main", ...words);
const blockers = async (): Promise<string[]> => {
  const { code, stdout } = await retire("--json");
  expect(code).toBe(1);
  return (JSON.parse(stdout) as { blockers: string[] }).blockers;
};

test("before any rotation there is nothing to retire", async () => {
  const { code, stdout } = await retire();
  expect(stdout).toMatch(/^Nothing to retire: no key has an older version that still opens\. main \(/);
  expect(code).toBe(0);
});

test("a ref that is not there is wrong usage", async () => {
  const { code, stderr } = await sopsloop("retire", "--ref", "nowhere");
  expect(stderr).toMatch(
    /^sopsloop: --ref nowhere: no such branch, tag or commit in .*; git fetch it first\n$/,
  );
  expect(code).toBe(2);
});

test("19. a stale file is in the way, by its name and version, also where the work tree has a fresh one", async () => {
  await it.vault("POST", "transit/keys/sops/rotate", {});
  expect((await sopsloop("rewrap")).code).toBe(0);
  expect(await blockers()).toEqual([
    expect.stringMatching(/^main: apps\/proof\.sops\.yaml:\d+: .*version 1.*2/),
  ]);
});

test("19. so is a Kustomization that has not come as far as the ref", async () => {
  const { stdout, code } = await sopsloop("rewrap", "--commit");
  expect({ code, stdout }).toMatchObject({ code: 0 });
  expect(await blockers()).toEqual([
    expect.stringMatching(
      /^Kustomization flux-system\/apps has applied main@sha1:[0-9a-f]{40}, which is none of main as they are here/,
    ),
  ]);
});

test("and one that is suspended", async () => {
  await it.patch(KUSTOMIZATION, "apps", { spec: { suspend: true } });
  expect(await blockers()).toEqual([
    expect.stringMatching(/^Kustomization flux-system\/apps is suspended, so what it needs is not known/),
  ]);
  await it.patch(KUSTOMIZATION, "apps", { spec: { suspend: false } });
});

test("once Flux has applied it, the printed commands retire the old version; what it wrapped opens no more", async () => {
  const commit = await clone.push("Fresh");
  const flux = async () => {
    await it.untilFlux(true);
    const words = [KUSTOMIZATION, "apps", "--namespace=flux-system"];
    await it.kubectl(
      "wait",
      `--for=jsonpath={.status.lastAppliedRevision}=main@sha1:${commit}`,
      "--timeout=90s",
      ...words,
    );
  };
  await flux();
  const { code, stdout } = await retire();
  expect(code).toBe(0);
  const commands = stdout.split("\n").filter((line) => line.startsWith("pulumi "));
  expect(commands).toEqual([
    "pulumi config set --path sopsloop:vault.transit.minDecryptionVersion 2",
    "pulumi up",
  ]);
  await it.stack.succeed(...(commands[0] ?? "").split(" ").slice(1));
  await it.stack.up();
  expect(await it.vault("GET", "transit/keys/sops")).toMatchObject({
    data: { min_decryption_version: 2, latest_version: 2 },
  });
  const decrypt = (path: string) =>
    tryRun("sops", ["decrypt", path], { cwd: clone.folder, env: it.loop.env });
  expect((await decrypt("apps/proof.sops.yaml")).code).toBe(0);
  clone.write("apps/old.sops.yaml", old);
  expect((await decrypt("apps/old.sops.yaml")).stderr).toMatch(/disallowed by policy[|\s]+\(too old\)/);
});
