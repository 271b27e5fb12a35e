import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { kubeconfig, ProgramProject } from "./support/program-project";

let project: ProgramProject;

beforeEach(async () => {
  project = await ProgramProject.create();
});
afterEach(() => project.close());

/** As whom pulumi spoke to the cluster, or that it never ran. The state keeps the kubeconfig's path: it is to be the same in every job. */
function user([status, trace]: readonly [string, string]): string {
  return `${status}: ${/^pulumi \w+ as (nobody(?= by $)|\S*(?= by \.kubeconfig$))/m.exec(trace)?.[1] ?? "pulumi did not run"}`;
}

describe("as docs/pipelines.md has it", () => {
  beforeEach(async () => {
    await project.begin();
    await project.variable("PREVIEW_KUBECONFIG", kubeconfig("looker"), false);
  });

  test("a preview sees the previews' kubeconfig, jobs on the branch that of updates", async () => {
    await project.variable("KUBECONFIG", kubeconfig("deployer"), true);
    expect(user(await project.preview())).toBe("success: looker");
    expect(user(await project.update())).toBe("success: deployer");
    expect(user(await project.drift())).toBe("success: deployer");
  });

  test("a preview that gets the updates' kubeconfig as well refuses, before anything of the branch has run", async () => {
    await project.variable("KUBECONFIG", kubeconfig("deployer"), false);
    const [status, trace] = await project.preview();
    expect([status, trace.includes("installed"), user([status, trace])]).toEqual([
      "failed",
      false,
      "failed: pulumi did not run",
    ]);
    expect(trace).toContain(
      "sopsloop: KUBECONFIG, the kubeconfig of updates, reaches merge requests; make the variable a protected one",
    );
    expect(user(await project.update())).toBe("success: deployer");
  });
});

test("without a kubeconfig of their own, previews have none", async () => {
  await project.begin();
  await project.variable("KUBECONFIG", kubeconfig("deployer"), true);
  expect(user(await project.preview())).toBe("success: nobody");
});

test("each stack may have its own two, by other names", async () => {
  await project.begin({ kubeconfig: "PROD_CLUSTER", "preview-kubeconfig": "PROD_CLUSTER_LOOK" });
  await project.variable("PROD_CLUSTER", kubeconfig("deployer"), true);
  await project.variable("PROD_CLUSTER_LOOK", kubeconfig("looker"), false);
  await project.variable("KUBECONFIG", kubeconfig("of-dev"), true);
  expect(user(await project.preview())).toBe("success: looker");
  expect(user(await project.update())).toBe("success: deployer");
});

test("by GitLab's agent all have one kubeconfig, and choose an agent each", async () => {
  await project.begin({
    "preview-kubeconfig": "KUBECONFIG",
    "kube-context": "platform/agents:prod",
    "preview-kube-context": "platform/agents:prod-preview",
  });
  // GitLab writes it with the agents that let a job in: for a merge request without those of protected branches.
  const agents = kubeconfig("platform/agents:other", "platform/agents:prod-preview", "platform/agents:prod");
  await project.variable("KUBECONFIG", agents, false);
  expect(user(await project.preview())).toBe("success: platform/agents:prod-preview");
  expect(user(await project.update())).toBe("success: platform/agents:prod");
});
