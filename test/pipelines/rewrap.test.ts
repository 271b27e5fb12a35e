import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { secret } from "../cli/rewrap/support/sops-repository";
import { DeployRepository, FILE } from "./support/deploy-repository";
import { expectCleanTraces } from "./support/traces";

let deploy: DeployRepository;

beforeAll(async () => {
  deploy = await DeployRepository.create();
});
afterAll(() => deploy.close());
afterEach(() => expectCleanTraces(deploy.server));

/** Version of the key that the Secret's data key is wrapped by, on the server. */
async function version(): Promise<number> {
  await deploy.pull();
  return Number(/vault:v(\d+):/.exec(deploy.tree.read(FILE))?.[1]);
}

describe("the rewrap job", () => {
  test.each([
    ["a trigger token", () => deploy.trigger()],
    ["a schedule that is played", () => deploy.schedule()],
  ])("started by %s, pushes one commit by its job token, and a second run none", async (_, start) => {
    const before = await deploy.subjects();
    const plain = deploy.tree.decrypt(FILE);
    const pushes = deploy.pipelines("push");
    const rotated = await deploy.vault.rotate();
    expect(await deploy.onlyJob(await start(), "rewrap")).toMatchObject({ status: "success" });
    expect(await version()).toBe(rotated);
    expect(deploy.tree.decrypt(FILE)).toBe(plain);
    const [own, ...others] = await deploy.subjects();
    expect(own).toMatch(/^Rewrap /);
    expect(others).toEqual(before);
    expect(deploy.tree.git("log", "-1", "--format=%an <%ae>")).toBe("sopsloop <sopsloop@noreply.invalid>");
    // A push by job token starts no pipeline: the loop ends here.
    expect(deploy.pipelines("push")).toEqual(pushes);
    expect(await deploy.onlyJob(await start(), "rewrap")).toMatchObject({ status: "success" });
    expect(await deploy.subjects()).toEqual([own, ...before]);
  });

  test("starts afresh where a person pushes first, with no merge, and takes their new file along", async () => {
    await deploy.vault.rotate();
    const theirs = "apps/base/theirs.sops.yaml";
    deploy.tree.encryptByRules(theirs, secret("theirs"));
    const stale = deploy.tree.read(theirs);
    const rotated = await deploy.vault.rotate();
    deploy.gate.arm();
    const id = await deploy.trigger();
    await deploy.gate.before(() => deploy.publish({ [theirs]: stale }));
    const { status, trace } = await deploy.onlyJob(id, "rewrap");
    expect(status).toBe("success");
    expect(trace).toContain("at try 2.");
    const [own, other] = await deploy.subjects();
    expect([own?.startsWith("Rewrap "), other]).toEqual([true, `Theirs: ${theirs}`]);
    expect(deploy.tree.git("rev-list", "--min-parents=2", "--count", "HEAD")).toBe("0");
    expect(await version()).toBe(rotated);
    expect(deploy.tree.read(theirs)).toContain(`vault:v${rotated}:`);
  });

  test("several at once wait for each other: one commit, and nothing to do for the rest", async () => {
    const before = await deploy.subjects();
    const rotated = await deploy.vault.rotate();
    const ids = [await deploy.trigger(), await deploy.trigger(), await deploy.schedule()];
    for (const id of ids) expect(await deploy.onlyJob(id, "rewrap")).toMatchObject({ status: "success" });
    expect(await version()).toBe(rotated);
    expect(await deploy.subjects()).toHaveLength(before.length + 1);
  });

  test("fails, and changes nothing, where a file cannot be rewrapped", async () => {
    await deploy.vault.rotate();
    const torn = "apps/base/torn.sops.yaml";
    await deploy.publish({ [torn]: deploy.tree.read(FILE).replace(/vault:v\d+:.{20}/, "vault:v1:") });
    const before = await deploy.subjects();
    const { status, trace } = await deploy.onlyJob(await deploy.trigger(), "rewrap");
    expect([status, trace.includes(`${torn}: `)]).toEqual(["failed", true]);
    expect(await deploy.subjects()).toEqual(before);
  });
});
