import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { refusalStage } from "../support/refusal-stage";
import { rewrapIn } from "../support/rewrap-in";

const stage = refusalStage();

describe("sopsloop rewrap refuses what a commit would take along:", () => {
  test("a file with changes of one's own", async () => {
    stage.repository.write("apps/a.yaml", `# mine\n${stage.repository.read("apps/a.yaml")}`);
    const ran = await rewrapIn(stage.repository, ["--commit"]);
    expect({ code: ran.code, err: ran.err }).toEqual({
      code: 1,
      err: "sopsloop: apps/a.yaml: changed, but not committed; commit or undo that first, since --commit takes whole files\n",
    });
    expect(stage.repository.status()).toBe(" M apps/a.yaml");
    expect(stage.repository.git("rev-list", "--count", "HEAD")).toBe("1");
    const plain = await rewrapIn(stage.repository);
    expect({ code: plain.code, out: plain.out.split(":")[0] }).toEqual({
      code: 0,
      out: "Changed 3 of 3 sops files (rewrapped)",
    });
    expect(plain.err).toContain(
      "sopsloop: note: apps/a.yaml: had changes that are not committed; they are kept\n",
    );
    expect(stage.repository.read("apps/a.yaml")).toMatch(/^# mine\n/);
  });

  test("something staged", async () => {
    stage.repository.write("notes.txt", "mine\n");
    stage.repository.git("add", "notes.txt");
    const ran = await rewrapIn(stage.repository, ["--commit"]);
    expect({ code: ran.code, err: ran.err }).toEqual({
      code: 1,
      err: "sopsloop: notes.txt: staged for a commit of yours; commit or unstage that first\n",
    });
    expect(stage.repository.status()).toBe("A  notes.txt");
  });

  test("a commit that a hook refuses leaves the tree as it was", async () => {
    const hook = join(stage.repository.folder, ".git", "hooks", "pre-commit");
    writeFileSync(hook, "#!/bin/sh\necho 'error: not on a Friday' >&2\nexit 1\n", { mode: 0o755 });
    stage.refused(
      await rewrapIn(stage.repository, ["--commit"]),
      `git commit failed in ${stage.repository.folder}: error: not on a Friday`,
    );
  });
});
