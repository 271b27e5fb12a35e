import { mkdirSync, readdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { INTO } from "../support/chart-project";
import { AT_DATABASE, refusalStage } from "../support/refusal-stage";

const stage = refusalStage();

describe("sopsloop chart refuses", () => {
  test("a folder with files of somebody else in the place of its own", async () => {
    stage.project.deploy.write(stage.project.path("chart.yaml"), "kind: ConfigMap\n");
    stage.project.deploy.commitAll("Theirs");
    const { code, err } = await stage.project.run();
    expect({ code, err }).toEqual({
      code: 1,
      err: "sopsloop: apps/shop/chart.yaml: is there already and was not written by sopsloop chart; take it away, or name another folder by --into\n",
    });
    expect(stage.project.deploy.read(stage.project.path("chart.yaml"))).toBe("kind: ConfigMap\n");
  });

  test("a link in the place of a folder below its own, which would lead out of it", async () => {
    const elsewhere = join(stage.project.folder, "elsewhere");
    mkdirSync(elsewhere);
    mkdirSync(join(stage.project.deploy.folder, INTO), { recursive: true });
    symlinkSync(elsewhere, join(stage.project.deploy.folder, stage.project.path("secrets")));
    const { code, err } = await stage.project.run();
    expect(code).toBe(1);
    expect(err).toContain(
      `${AT_DATABASE}: apps/shop/secrets/database.sops.yaml: apps/shop/secrets is there already and was not written by`,
    );
    expect(readdirSync(elsewhere)).toEqual([]);
  });

  test("a folder that is a link or a file, lies outside of any checkout, or in git's own folder", async () => {
    const refused = async (into: string) => {
      const { code, err } = await stage.project.call([`--into=${into}`, "--release=shop"]);
      expect(code).toBe(2);
      return err.replace(/^sopsloop: |\n$/g, "");
    };
    stage.project.deploy.write("file", "");
    const { folder } = stage.project.deploy;
    expect(await refused(`${folder}/file/shop`)).toBe(
      `--into: ${folder}/file is a file; name a folder of the deploy repository`,
    );
    expect(await refused(stage.project.folder)).toBe(
      `${stage.project.folder}: no git work tree; run sopsloop in a checkout, or name a path in one`,
    );
    expect(await refused(`${folder}/.git/shop`)).toMatch(/git/);
    symlinkSync(folder, join(stage.project.folder, "link"));
    // Its real place counts.
    expect(
      (await stage.project.call([`--into=${stage.project.folder}/link/${INTO}`, "--namespace=shop"])).code,
    ).toBe(0);
  });

  test("a commit of a person's that is under way", async () => {
    stage.project.deploy.write("notes.txt", "mine\n");
    stage.project.deploy.git("add", "notes.txt");
    const { code, err } = await stage.project.run(["--commit"]);
    expect({ code, err }).toEqual({
      code: 1,
      err: "sopsloop: notes.txt: staged for a commit of yours; commit or unstage that first\n",
    });
    expect(stage.project.deploy.status()).toBe("A  notes.txt");
  });

  test("a commit that git refuses: the tree and the index are as they were", async () => {
    stage.project.deploy.write(
      ".git/hooks/pre-commit",
      "#!/bin/sh\necho 'error: no commits on Fridays' >&2; exit 1\n",
    );
    stage.project.deploy.makeExecutable(".git/hooks/pre-commit");
    expect(stage.linesOf(await stage.project.run(["--commit"]), 1)).toEqual([
      `git commit failed in ${stage.project.deploy.folder}: error: no commits on Fridays`,
    ]);
  });

  test("files that git ignores, since they would never be pushed", async () => {
    stage.project.deploy.write(".gitignore", "*.sops.yaml\n");
    stage.project.deploy.commitAll("Ignored");
    expect(stage.linesOf(await stage.project.run(["--commit"]), 1)).toEqual([
      expect.stringMatching(
        /^git add failed in .*: The following paths are ignored by one of your \.gitignore files/,
      ),
    ]);
  });
});
