import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { refusalStage } from "../support/refusal-stage";
import { rewrapIn } from "../support/rewrap-in";

const stage = refusalStage();

describe("sopsloop rewrap refuses where there is nowhere to push to:", () => {
  test("a branch without upstream", async () => {
    stage.refused(
      await rewrapIn(stage.repository, ["--push"]),
      `${stage.repository.folder}: branch main has no upstream; set one: git push -u origin main`,
      2,
    );
  });

  test("no branch", async () => {
    stage.repository.git("checkout", "--quiet", "--detach");
    stage.refused(
      await rewrapIn(stage.repository, ["--push"]),
      `${stage.repository.folder}: no branch is checked out, so there is nowhere to push to; git switch to one, or name one of origin: --branch`,
      2,
    );
  });

  test("a branch with a commit of one's own", async () => {
    stage.repository.withUpstream();
    stage.repository.write("notes.txt", "mine\n");
    const commit = stage.repository.commitAll("Mine");
    stage.refused(
      await rewrapIn(stage.repository, ["--push"]),
      `${stage.repository.folder}: commit ${commit.slice(0, 10)} is not in refs/heads/main and is no rewrap; push it first, or work in a fresh clone`,
    );
    expect(stage.repository.git("rev-parse", "HEAD")).toBe(commit);
  });

  test("an upstream that refuses", async () => {
    stage.repository.withUpstream();
    const hook = join(stage.repository.remote, "hooks", "pre-receive");
    writeFileSync(hook, "#!/bin/sh\nexit 1\n", { mode: 0o755 });
    const ran = await rewrapIn(stage.repository, ["--push"]);
    expect({ code: ran.code, err: ran.err.split("\n").slice(-2) }).toEqual({
      code: 1,
      err: [
        "sopsloop: git push to origin refs/heads/main was refused: [remote rejected] (pre-receive hook declined)",
        "",
      ],
    });
    // The commit is kept, and the next run takes it along.
    rmSync(hook);
    expect((await rewrapIn(stage.repository, ["--push"])).out).toBe(
      "Every sops file is fresh (3): nothing to do.\nPushed to refs/heads/main.\n",
    );
  });
});
