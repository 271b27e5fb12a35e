import { chmodSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { BuiltCommand } from "../support/built-command";
import { refusalStage } from "../support/refusal-stage";
import { rewrapIn } from "../support/rewrap-in";
import { SopsRepository } from "../support/sops-repository";

/** Who owns nothing. */
const NOBODY = 65534;

const stage = refusalStage();

let command: BuiltCommand;
beforeAll(async () => {
  command = await BuiltCommand.build();
});
afterAll(() => command?.remove());

describe("sopsloop rewrap refuses what lies in the tree:", () => {
  /** Root may read and write anywhere, so that the command then runs as somebody else. */
  function asNobody(): number | undefined {
    if (process.getuid?.() !== 0) return undefined;
    stage.repository.giveTo(NOBODY);
    stage.repository = stage.repository.with({
      VAULT_CACERT: undefined,
      VAULT_CACERT_BYTES: readFileSync(stage.vault.ca, "utf8"),
    });
    return NOBODY;
  }

  test("a file that was cut short", async () => {
    const content = stage.repository.read("apps/a.yaml");
    stage.repository.write("apps/torn.yaml", content.slice(0, content.indexOf("\nsops:")));
    stage.repository.commitAll();
    stage.refused(
      await rewrapIn(stage.repository),
      "apps/torn.yaml: holds values encrypted by sops, but not sops's own part: cut short or merged badly; restore it from git",
    );
  });

  test("a symbolic link to a sops file out of the tree", async () => {
    const outside = SopsRepository.create(stage.vault.env());
    try {
      outside.write("theirs.yaml", stage.repository.read("apps/a.yaml"));
      const target = join(outside.folder, "theirs.yaml");
      symlinkSync(target, join(stage.repository.folder, "apps", "link.yaml"));
      stage.repository.commitAll();
      const before = outside.read("theirs.yaml");
      stage.refused(
        await rewrapIn(stage.repository),
        `apps/link.yaml: a symbolic link out of the work tree, to ${target}; rewrap that file where it is tracked, and leave apps/link.yaml out of the paths`,
      );
      expect(outside.read("theirs.yaml")).toBe(before);
      expect((await rewrapIn(stage.repository, ["apps/a.yaml", "c.json"])).code).toBe(0);
    } finally {
      outside.remove();
    }
  });

  test("a folder that became a symbolic link out of the tree", async () => {
    const outside = SopsRepository.create(stage.vault.env());
    try {
      outside.write("a.yaml", stage.repository.read("apps/a.yaml"));
      rmSync(join(stage.repository.folder, "apps"), { recursive: true });
      symlinkSync(outside.folder, join(stage.repository.folder, "apps"));
      const before = outside.read("a.yaml");
      const ran = await rewrapIn(stage.repository);
      expect(ran.code).toBe(1);
      expect(ran.err).toBe(
        "sopsloop: apps/a.yaml: a folder on its way is a symbolic link, so it is not what git tracks; restore apps from git\n",
      );
      expect(outside.read("a.yaml")).toBe(before);
    } finally {
      outside.remove();
    }
  });

  test("a folder that cannot be written to", async () => {
    const uid = asNobody();
    chmodSync(join(stage.repository.folder, "apps"), 0o555);
    try {
      const ran = await command.run(stage.repository, [], uid);
      expect(ran).toEqual({
        code: 1,
        signal: null,
        out: "",
        err: "Rewrapping 3 data keys\nWriting 3 files\nsopsloop: apps/a.yaml: the folder apps cannot be written to (EACCES); nothing was changed\n",
      });
    } finally {
      chmodSync(join(stage.repository.folder, "apps"), 0o755);
    }
    if (uid !== undefined) stage.repository.giveTo(process.getuid?.() ?? 0);
    stage.untouched();
  });

  test("a file that cannot be read", async () => {
    const uid = asNobody();
    chmodSync(join(stage.repository.folder, "apps/b.yaml"), 0o000);
    const ran = await command.run(stage.repository, [], uid);
    chmodSync(join(stage.repository.folder, "apps/b.yaml"), 0o644);
    expect({ code: ran.code, err: ran.err }).toEqual({
      code: 1,
      err: "sopsloop: apps/b.yaml: cannot be read (EACCES)\n",
    });
    if (uid !== undefined) stage.repository.giveTo(process.getuid?.() ?? 0);
    stage.untouched();
  });

  test("a folder that is no checkout", async () => {
    const folder = mkdtempSync(join(tmpdir(), "sopsloop-plain-"));
    try {
      const ran = await rewrapIn(stage.repository, [folder]);
      stage.refused(ran, `${folder}: no git work tree; run sopsloop in a checkout, or name a path in one`, 2);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
