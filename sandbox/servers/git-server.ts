import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { Daemon } from "../processes/daemon";
import { run } from "../processes/run";
import { PLAIN_GIT, plainEnvironment } from "./environment";
import type { Layout } from "./layout";
import { nodeLaunch } from "./node-launch";

const README = `# deploy

What the sandbox's Flux watches: everything under \`apps/\` is applied to the cluster. Files that end in \`.sops.yaml\` are
encrypted with the key that \`.sops.yaml\` names.
`;

/** Flux wants at least one object under the path of a Kustomization. */
const firstApp = (repository: string) => `apiVersion: v1
kind: ConfigMap
metadata:
  name: ${basename(repository, ".git")}-repository
  namespace: default
data:
  origin: the first commit of the sandbox
`;

const AUTHOR = {
  GIT_AUTHOR_NAME: "sandbox",
  GIT_AUTHOR_EMAIL: "sandbox@sopsloop.invalid",
  GIT_COMMITTER_NAME: "sandbox",
  GIT_COMMITTER_EMAIL: "sandbox@sopsloop.invalid",
};

/**
 * A deploy repository for each environment, bare, with a first commit on `main`, over HTTP. Anybody on this machine may push: what that can do is bounded by
 * `cluster/host-safety.ts`.
 */
export class GitServer {
  private readonly daemon: Daemon;

  constructor(private readonly layout: Layout) {
    this.daemon = new Daemon("git", layout);
  }

  get pid(): number | undefined {
    return this.daemon.pid;
  }

  async start(): Promise<void> {
    const { git, ports } = this.layout;
    mkdirSync(git.folder, { recursive: true, mode: 0o700 });
    for (const { repository } of [git, git.second])
      if (!existsSync(repository)) await createRepository(repository);
    await this.daemon.start(nodeLaunch(join(__dirname, "git-main.ts"), [git.folder, String(ports.git)]));
    const answers = () =>
      fetch(`${git.url}/info/refs?service=git-upload-pack`).then(
        ({ ok }) => ok,
        () => false,
      );
    await this.daemon.ready(answers, 60_000);
  }

  stop(): Promise<void> {
    return this.daemon.stop();
  }
}

async function createRepository(repository: string): Promise<void> {
  const work = mkdtempSync(join(tmpdir(), "sopsloop-seed-"));
  const env = { ...plainEnvironment(), ...PLAIN_GIT, ...AUTHOR };
  const git = (...args: string[]) => run("git", args, { cwd: work, env });
  try {
    mkdirSync(join(work, "apps"));
    writeFileSync(join(work, "README.md"), README);
    writeFileSync(join(work, "apps", "deploy-repository.yaml"), firstApp(repository));
    await git("init", "--quiet", "--initial-branch=main");
    await git("add", "-A");
    await git("commit", "--quiet", "--message=Begin the deploy repository");
    await git("clone", "--quiet", "--bare", work, `${repository}.new`);
    await git("-C", `${repository}.new`, "config", "http.receivepack", "true");
    await git("-C", `${repository}.new`, "remote", "remove", "origin");
    renameSync(`${repository}.new`, repository);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}
