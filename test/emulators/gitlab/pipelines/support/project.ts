import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { CiProject } from "../../../../../sandbox/emulators/gitlab/pipelines/contract";
import { git } from "../../../../../sandbox/emulators/gitlab/pipelines/job/checkout";
import { run } from "../../../../../sandbox/processes/run";
import { PLAIN_GIT, plainEnvironment } from "../../../../../sandbox/servers/environment";

const AUTHOR = ["-c", "user.name=Ada Example", "-c", "user.email=ada@example.com"];

/** A bare repository, and a work tree to fill it from. */
export class TestProject {
  readonly bare: string;
  private readonly tree: string;

  constructor(
    root: string,
    readonly project: CiProject,
  ) {
    this.bare = project.repository;
    this.tree = join(root, "author");
  }

  static async create(root: string, settings: Partial<CiProject> = {}): Promise<TestProject> {
    const repository = join(root, "deploy.git");
    const made = new TestProject(root, {
      id: 101,
      path: "platform/deploy",
      name: "Deploy",
      visibility: "private",
      defaultBranch: "main",
      repository,
      url: "https://127.0.0.1:13443/platform/deploy.git",
      ciConfigPath: ".gitlab-ci.yml",
      buildTimeout: 3_600,
      ...settings,
    });
    const env = { ...plainEnvironment(), ...PLAIN_GIT };
    await run("git", ["init", "-q", "--bare", "-b", "main", repository], { env });
    await run("git", ["clone", "-q", repository, made.tree], { env });
    return made;
  }

  /** Commits files on a branch, on top of `main` for a new one, and pushes. Resolves with the commit. */
  async commit(
    files: Readonly<Record<string, string>>,
    { branch = "main", message = "Change" }: { readonly branch?: string; readonly message?: string } = {},
  ): Promise<string> {
    const known = await git(this.bare, ["for-each-ref", "--format=%(refname:short)", "refs/heads"]);
    const exists = known.split("\n").includes(branch);
    await git(this.tree, exists ? ["checkout", "-q", branch] : ["checkout", "-q", "-B", branch]);
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(this.tree, path)), { recursive: true });
      writeFileSync(join(this.tree, path), text);
    }
    await git(this.tree, ["add", "-A"]);
    await git(this.tree, [...AUTHOR, "commit", "-q", "--allow-empty", "-m", message]);
    await git(this.tree, ["push", "-q", "origin", branch]);
    return (await git(this.tree, ["rev-parse", "HEAD"])).trim();
  }
}
