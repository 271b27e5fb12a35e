import { describe, expect, test } from "vitest";
import type { JobStatus } from "../../../../sandbox/emulators/gitlab/pipelines/contract";
import {
  compositeStatus,
  type Standing,
} from "../../../../sandbox/emulators/gitlab/pipelines/order/composite-status";
import {
  type NextStep,
  nextStep,
  type OrderedJob,
} from "../../../../sandbox/emulators/gitlab/pipelines/order/next-step";
import {
  nextHolder,
  type ProcessMode,
} from "../../../../sandbox/emulators/gitlab/pipelines/order/resource-queue";

/** `failed?`: a failure that is forgiven. */
function standing(text: string): Standing {
  return { status: text.replace("?", "") as JobStatus, allowFailure: text.endsWith("?") };
}

describe("the status of a pipeline", () => {
  test.each([
    [["success", "skipped"], "success"],
    [["success", "failed?"], "success"],
    [["success", "failed"], "failed"],
    [["failed", "running"], "running"],
    [["success", "created"], "running"],
    [["created", "created"], "created"],
    [["pending", "created"], "pending"],
    [["success", "manual"], "manual"],
    [["success", "manual?"], "success"],
    [["manual?"], "skipped"],
    [["success", "canceled"], "canceled"],
    [["failed", "canceled"], "failed"],
    [["success", "waiting_for_resource"], "waiting_for_resource"],
    [["success", "scheduled", "created"], "scheduled"],
  ])("with jobs %j is %s", (jobs, status) => {
    expect(compositeStatus(jobs.map(standing))).toBe(status);
  });

  test("without jobs is nothing", () => {
    expect(compositeStatus([])).toBeUndefined();
  });
});

describe("a job that has not begun", () => {
  const stages = ["build", "test", "deploy"];
  const ordered = (
    name: string,
    stage: string,
    text: string,
    rest: Partial<OrderedJob> = {},
  ): OrderedJob => ({
    name,
    baseName: name,
    stage,
    when: "on_success",
    ...standing(text),
    ...rest,
  });

  test.each<[string, Partial<OrderedJob>, readonly string[], NextStep]>([
    ["starts after success", {}, ["success", "success"], "start"],
    ["waits for the last one", {}, ["success", "running"], "wait"],
    ["is skipped after a failure", {}, ["success", "failed"], "skip"],
    ["starts after a failure that is forgiven", {}, ["success", "failed?"], "start"],
    ["starts after a manual job that nobody has to start", {}, ["success", "manual?"], "start"],
    ["waits for a manual job that somebody has to start", {}, ["success", "manual"], "wait"],
    ["is skipped on success when it is for failures", { when: "on_failure" }, ["success", "success"], "skip"],
    ["starts on a failure when it is for failures", { when: "on_failure" }, ["success", "failed"], "start"],
    ["starts in any case when it always does", { when: "always" }, ["failed", "failed"], "start"],
    ["asks when it is manual", { when: "manual" }, ["success", "success"], "ask"],
    ["is delayed when it wants to be", { when: "delayed" }, ["success", "success"], "delay"],
    ["starts at once when it needs nothing", { needs: [] }, ["running", "running"], "start"],
    ["starts when what it needs is done", { needs: ["one"] }, ["success", "running"], "start"],
    ["is skipped when what it needs is skipped", { needs: ["one"] }, ["skipped", "running"], "skip"],
  ])("%s", (_what, rest, before, step) => {
    const [one = "", other = ""] = before;
    const job = ordered("job", "deploy", "created", rest);
    const jobs = [ordered("one", "build", one), ordered("other", "test", other), job];
    expect(nextStep(job, jobs, stages)).toBe(step);
  });
});

describe("a resource group", () => {
  /** Jobs of pipelines 1, 2, … in this order. */
  const queue = (...statuses: readonly JobStatus[]) =>
    statuses.map((status, index) => ({ id: 10 + index, pipelineId: 1 + index, status }));

  test.each<[ProcessMode, readonly JobStatus[], number | undefined]>([
    ["unordered", ["running", "waiting_for_resource"], undefined],
    ["unordered", ["success", "created", "waiting_for_resource"], 3],
    ["oldest_first", ["waiting_for_resource", "waiting_for_resource"], 1],
    ["oldest_first", ["created", "waiting_for_resource"], undefined],
    ["newest_first", ["waiting_for_resource", "waiting_for_resource"], 2],
    ["newest_first", ["waiting_for_resource", "created"], undefined],
    ["newest_ready_first", ["waiting_for_resource", "waiting_for_resource", "created"], 2],
  ])("that is %s picks from %j", (mode, statuses, pipelineId) => {
    expect(nextHolder(queue(...statuses), mode)?.pipelineId).toBe(pipelineId);
  });
});
