import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { identityOf } from "../../../../sandbox/processes/process-identity";
import { until } from "../../../../sandbox/processes/until";
import { Pipelines } from "./support/pipelines";

/** A script that never ends, with a process in its background that does not listen to a request to end. */
const STUBBORN = `
  script:
    - (trap '' TERM; while true; do sleep 1; done) & echo "background $!"
    - echo "script $$"
    - sleep 300
`;

const CI_FILE = `
slow:
  timeout: 15 seconds
${STUBBORN}
after:
  stage: deploy
  script: ["true"]
`;

/** The ids of the processes that a trace names. */
function processesIn(trace: string): number[] {
  return [...trace.matchAll(/^(?:background|script) (\d+)$/gm)].map(([, id]) => Number(id));
}

function runs(id: number): boolean {
  return identityOf(id) !== undefined;
}

describe("a job that does not end by itself", () => {
  let pipelines: Pipelines;
  beforeAll(async () => {
    pipelines = await Pipelines.start();
  });
  afterAll(() => pipelines.stop());

  test("is ended with all its processes when its time is up", async () => {
    const sha = await pipelines.repository.commit({ ".gitlab-ci.yml": CI_FILE });
    const { id } = await pipelines.runner.create(pipelines.request(sha));
    await pipelines.runner.idle();
    const slow = pipelines.job(id, "slow");
    expect(slow).toMatchObject({ status: "failed", failureReason: "job_execution_timeout", timeout: 15 });
    expect(pipelines.trace(id, "slow")).toContain(
      "ERROR: Job failed: execution took longer than 15s seconds",
    );
    const ids = processesIn(pipelines.trace(id, "slow"));
    expect(ids).toHaveLength(2);
    // A process that was killed lets go of its output a moment before it is gone.
    await expect.poll(() => ids.filter(runs)).toEqual([]);
    expect(pipelines.job(id, "after").status).toBe("skipped");
  });

  test("is ended with all its processes when its pipeline is canceled", async () => {
    const sha = await pipelines.repository.commit({
      ".gitlab-ci.yml": CI_FILE.replace("timeout: 15 seconds", "timeout: 1h"),
    });
    const { id } = await pipelines.runner.create(pipelines.request(sha));
    const ids = await until(
      async () => {
        const named = processesIn(pipelines.trace(id, "slow"));
        return named.length === 2 ? named : undefined;
      },
      { what: "both processes", timeoutMs: 30_000 },
    );
    expect(ids.filter(runs)).toHaveLength(2);
    await pipelines.runner.cancel(id);
    // A process that was killed lets go of its output a moment before it is gone.
    await expect.poll(() => ids.filter(runs)).toEqual([]);
    expect(pipelines.runner.jobs(id).map(({ status }) => status)).toEqual(["canceled", "canceled"]);
    expect(pipelines.host.pipelineStatuses.at(-1)).toBe("canceled");
    expect([...pipelines.host.tokens]).toEqual([]);
  });
});
