import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ADA, Pipelines } from "./support/pipelines";

const CI_FILE = `
stages: [build, test, deploy]
build: { stage: build, script: [exit 1], retry: 1 }
early: { stage: deploy, needs: [], script: ["true"] }
test: { stage: test, script: ["true"] }
mend: { stage: test, script: ["true"], when: on_failure }
tidy: { stage: deploy, script: ["true"], when: always }
gate: { stage: deploy, needs: [early], script: ['echo "for $WHO"'], when: manual }
behind: { stage: deploy, needs: [gate], script: ["true"] }
`;

const GROUP_FILE = `
one: { resource_group: sops, script: [sleep 0.3] }
`;

describe("the jobs of a pipeline", () => {
  let pipelines: Pipelines;
  beforeAll(async () => {
    pipelines = await Pipelines.start({ concurrency: 2 });
  });
  afterAll(() => pipelines.stop());

  test("follow each other by stage, need and outcome, and a manual one waits for a person", async () => {
    const sha = await pipelines.repository.commit({ ".gitlab-ci.yml": CI_FILE });
    const { id } = await pipelines.runner.create(pipelines.request(sha));
    await pipelines.runner.idle();
    const statuses = () =>
      Object.fromEntries(
        pipelines.runner
          .jobs(id)
          .filter(({ retried }) => !retried)
          .map(({ name, status }) => [name, status]),
      );
    expect(statuses()).toEqual({
      build: "failed",
      early: "success",
      test: "skipped",
      mend: "success",
      tidy: "success",
      gate: "manual",
      behind: "skipped",
    });
    expect(pipelines.runner.jobs(id).filter(({ name }) => name === "build")).toHaveLength(2);
    expect(pipelines.host.pipelineStatuses.at(-1)).toBe("failed");

    const gate = pipelines.job(id, "gate");
    const bot = { ...ADA, id: 8, username: "bot" };
    const given = [{ key: "WHO", value: "the-bot", variableType: "env_var" as const }];
    expect(pipelines.runner.play(gate.id, bot, given)?.user).toEqual(bot);
    await pipelines.runner.idle();
    expect(statuses()).toMatchObject({ gate: "success", behind: "success" });
    expect(pipelines.trace(id, "gate")).toContain("\nfor the-bot\n");
    expect(pipelines.runner.play(gate.id, bot)).toBeUndefined();
  });

  test("of one resource group never run side by side, the oldest first", async () => {
    const sha = await pipelines.repository.commit({ ".gitlab-ci.yml": GROUP_FILE });
    pipelines.host.mode = "oldest_first";
    const made = [
      await pipelines.runner.create(pipelines.request(sha)),
      await pipelines.runner.create(pipelines.request(sha)),
    ];
    await pipelines.runner.idle();
    const [first, second] = made.map(({ id }) => pipelines.job(id, "one"));
    expect([first?.status, second?.status]).toEqual(["success", "success"]);
    expect(Date.parse(second?.startedAt ?? "")).toBeGreaterThanOrEqual(Date.parse(first?.finishedAt ?? ""));
    expect(pipelines.host.changes).toContain("one: waiting_for_resource");
  });
});
