import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { OwnTemporary } from "../rewrap/support/own-temporary";
import type { SopsRepository } from "../rewrap/support/sops-repository";
import { SopsVault } from "../rewrap/support/sops-vault";
import { ChartProject, INTO, ruleFor, VALUES } from "./support/chart-project";

const COMPETITORS = 5;

describe("sopsloop chart --push", () => {
  let vault: SopsVault;
  let project: ChartProject;
  let temporary: OwnTemporary;

  beforeAll(async () => {
    vault = await SopsVault.start();
  });
  afterAll(() => vault.stop());
  beforeEach(async () => {
    project = await ChartProject.create(vault);
    temporary = new OwnTemporary();
    return () => {
      project.remove();
      temporary.remove();
    };
  });

  const upstream = () => project.deploy.git("ls-remote", "origin", "refs/heads/main").split("\t")[0];
  const head = () => project.deploy.git("rev-parse", "HEAD");
  const clones = () => temporary.named("sopsloop-chart-");
  const intoClone = (...words: string[]) =>
    project.call([`--into=${INTO}`, "--namespace=shop", `--repository=${project.deploy.remote}`, ...words]);

  function pushTheirs(clone: SopsRepository, path: string, content: string): void {
    clone.write(path, content);
    clone.commitAll(`Theirs: ${path}`);
    clone.git("push", "--quiet", "origin", "HEAD:main");
  }

  /** Somebody whose push arrives after the chart's commit was made and before it is pushed, the first so many times. */
  function faster(times: number, path: string, content: string): void {
    const clone = project.clone();
    const script = [
      "#!/bin/sh",
      "unset GIT_DIR GIT_INDEX_FILE GIT_WORK_TREE GIT_PREFIX",
      `cd '${clone.folder}' || exit 1`,
      `test "$(git rev-list --count --grep Theirs HEAD)" -lt ${times} || exit 0`,
      "git pull --quiet origin main",
      `mkdir -p "$(dirname '${path}')"`,
      `printf '%s' '${content}' > '${path}'`,
      'echo "$$" >> theirs.txt',
      "git add --all && git commit --quiet --message=Theirs && git push --quiet origin HEAD:main",
      "",
    ];
    project.deploy.write(".git/hooks/pre-push", script.join("\n"));
    project.deploy.makeExecutable(".git/hooks/pre-push");
  }

  test("commits and pushes; a second run does neither", async () => {
    const { code, out } = await project.run(["--push"]);
    expect({ code, last: out.split("\n").at(-2) }).toEqual({ code: 0, last: "Pushed to refs/heads/main." });
    expect(upstream()).toBe(head());
    const before = head();
    expect((await project.run(["--push"])).out).toMatch(/nothing to do\.\n$/);
    expect([head(), upstream()]).toEqual([before, before]);
  });

  test("when somebody else was faster it starts afresh on their tip, with one commit and no merge", async () => {
    faster(2, "notes/theirs.txt", "theirs");
    const { code, out } = await project.run(["--push"]);
    expect({ code, last: out.split("\n").at(-2) }).toEqual({
      code: 0,
      last: "Pushed to refs/heads/main, at try 3.",
    });
    expect(project.deploy.git("log", "--format=%s").split("\n")).toEqual([
      "Chart shop: 4 files",
      "Theirs",
      "Theirs",
      "Rules",
    ]);
    expect(upstream()).toBe(head());
    expect(project.deploy.read("notes/theirs.txt")).toBe("theirs");
    expect(project.values("secrets/database.sops.yaml").username).toBe(VALUES.DB_USER);
  });

  test("after five times it says so, and the next run goes on from there", async () => {
    faster(5, "notes/theirs.txt", "theirs");
    const { code, err } = await project.run(["--push"]);
    expect({ code, last: err.split("\n").at(-2) }).toEqual({
      code: 1,
      last: "sopsloop: others pushed to refs/heads/main faster, 5 times; the commit is here only: run this again",
    });
    expect((await project.run(["--push"])).code).toBe(0);
    expect(project.deploy.git("log", "--format=%s", "-2")).toBe("Chart shop: 4 files\nTheirs");
    expect(upstream()).toBe(head());
  });

  test("rules that others have changed meanwhile count", async () => {
    await vault.newKey("other");
    faster(1, ".sops.yaml", ruleFor(vault).replace("/keys/sops", "/keys/other"));
    const token = vault.rootToken;
    expect((await project.run(["--push"], { VAULT_TOKEN: token })).out).toContain("at try 2.");
    const { sops } = parse(project.deploy.read(project.path("secrets/database.sops.yaml")));
    expect(sops.hc_vault).toMatchObject([{ key_name: "other" }]);
    expect((await project.run(["--push"], { VAULT_TOKEN: token })).out).toContain("nothing to do");
  });

  test("what others changed in the chart's own files is made anew, not merged", async () => {
    await project.run(["--push"]);
    const path = project.path("chart.yaml");
    const before = project.deploy.read(path);
    const clone = project.clone();
    pushTheirs(clone, path, before.replace('"1"', '"7"'));
    expect((await project.run(["--push"])).out).toContain("Wrote 1 file to apps/shop");
    expect(project.deploy.read(path)).toBe(before);
    expect(project.deploy.git("log", "--format=%s", "-2")).toBe(`Chart shop: 1 file\nTheirs: ${path}`);
  });

  test("a commit of its own that was not pushed is dropped and made again", async () => {
    await project.run(["--commit"]);
    const dropped = head();
    pushTheirs(project.clone(), "notes.txt", "theirs");
    expect((await project.run(["--push"])).out).toContain("Pushed to refs/heads/main.");
    expect(project.deploy.git("log", "--format=%s").split("\n")).toEqual([
      "Chart shop: 4 files",
      "Theirs: notes.txt",
      "Rules",
    ]);
    expect(head()).not.toBe(dropped);
  });

  test("a commit of a person's that was not pushed stops it, and nothing is lost", async () => {
    project.deploy.write("notes.txt", "mine");
    const mine = project.deploy.commitAll("Mine");
    const { code, err } = await project.run(["--push"]);
    expect({ code, err }).toEqual({
      code: 1,
      err: `sopsloop: ${project.deploy.folder}: commit ${mine.slice(0, 10)} is not in refs/heads/main and is no chart of apps/shop; push it first, or work in a fresh clone\n`,
    });
    expect(head()).toBe(mine);
  });

  test("a commit that says it is the chart's, but touches other files, is not taken for one", async () => {
    project.deploy.write("notes.txt", "mine");
    const mine = project.deploy.commitAll("Mine\n\nSopsloop-Chart: apps/shop");
    expect((await project.run(["--push"])).err).toContain("is no chart of apps/shop");
    expect(head()).toBe(mine);
  });

  test("a pipeline's checkout of a commit pushes to the branch that it was started for", async () => {
    project.deploy.git("checkout", "--quiet", "--detach");
    const { code, out } = await project.run(["--push"], { CI_COMMIT_BRANCH: "main" });
    expect({ code, last: out.split("\n").at(-2) }).toEqual({ code: 0, last: "Pushed to refs/heads/main." });
    expect(upstream()).toBe(head());
  });

  test(`${COMPETITORS} charts pushed from clones at the same time: all arrive, the history is linear`, async () => {
    const names = Array.from({ length: COMPETITORS }, (_, index) => `shop-${index}`);
    const runs = names.map((name) =>
      project.call([
        `--into=apps/${name}`,
        "--namespace=shop",
        `--repository=${project.deploy.remote}`,
        "--branch=main",
      ]),
    );
    expect((await Promise.all(runs)).map(({ code }) => code)).toEqual(names.map(() => 0));
    const fresh = project.clone();
    expect(fresh.git("log", "--format=%s").split("\n").sort()).toEqual([
      ...names.map((name) => `Chart ${name}: 4 files`),
      "Rules",
    ]);
    expect(fresh.git("rev-list", "--min-parents=2", "--count", "HEAD")).toBe("0");
    for (const name of names)
      expect(fresh.decrypt(`apps/${name}/secrets/database.sops.yaml`)).toContain(name.slice(0, 4));
    expect(clones()).toEqual([]);
  });

  test("--repository works in a clone of its own, which is gone afterwards; a second run pushes nothing", async () => {
    const first = await intoClone();
    expect({ code: first.code, last: first.out.split("\n").at(-2) }).toEqual({
      code: 0,
      last: "Pushed to refs/heads/main.",
    });
    const before = upstream();
    expect((await intoClone()).out).toContain("apps/shop is as it should be");
    expect((await intoClone("--dry-run", "--release=other")).out).toContain("Would write 1 file");
    expect([upstream(), clones()]).toEqual([before, []]);
  });

  test("--repository tells what cannot be cloned, and takes no password in an address", async () => {
    const branch = await intoClone("--branch=none");
    expect({ code: branch.code, err: branch.err.split(": ").slice(0, 3) }).toEqual({
      code: 1,
      err: ["sopsloop", project.deploy.remote, "branch none cannot be cloned from here"],
    });
    const password = "pw-5f1d0c";
    const refused = await project.call([
      `--into=${INTO}`,
      `--repository=https://bot:${password}@gitlab.invalid/platform/deploy.git`,
    ]);
    expect({ code: refused.code, err: refused.err }).toEqual({
      code: 2,
      err: "sopsloop: --repository holds a password; leave it out of the address, and let a git credential helper give it\n",
    });
    for (const into of ["../elsewhere", "/elsewhere", ".git/hooks"]) {
      const { code, err } = await project.call([
        `--into=${into}`,
        "--release=shop",
        `--repository=${project.deploy.remote}`,
      ]);
      expect([into, code, err.includes(`--into ${into}: `)]).toEqual([into, 2, true]);
    }
    expect(clones()).toEqual([]);
  });
});
