import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { ciFileText } from "../../../components/gitlab/pipeline-texts";
import type { PipelineSource } from "../../../sandbox/emulators/gitlab/pipelines/contract";
import { run } from "../../../sandbox/processes/run";
import { until } from "../../../sandbox/processes/until";
import { ruleFor } from "../../cli/chart/support/chart-project";
import { SopsRepository, secret } from "../../cli/rewrap/support/sops-repository";
import { SopsVault } from "../../cli/rewrap/support/sops-vault";
import { type TestGitLab, testGitLab } from "../../emulators/gitlab/support/test-gitlab";
import { APP } from "./app-project";
import { DEPLOY, DeployProject } from "./deploy-project";
import { componentText } from "./documented";
import { JOBS, type JobName, roleOf, trustGitLab } from "./job-roles";
import { PushGate } from "./push-gate";

/** A Secret that is there from the start. */
export const FILE = "apps/base/secret.sops.yaml";

type Files = Readonly<Record<string, string>>;

/**
 * A GitLab and a Vault that trusts its ID tokens, and a deploy repository with the program's own CI file, rules and one Secret. Jobs
 * find the real sops, helm and sopsloop on PATH, and no token of Vault's anywhere.
 */
export class DeployRepository extends DeployProject {
  private constructor(
    readonly vault: SopsVault,
    server: TestGitLab,
    /** Holds back pushes of jobs. */
    readonly gate: PushGate,
    /** A person's checkout, who may do everything. */
    readonly tree: SopsRepository,
  ) {
    super(server);
  }

  static async create(): Promise<DeployRepository> {
    const gate = new PushGate();
    const vault = await SopsVault.start();
    const server = await testGitLab({ path: [gate.path, process.env.PATH].join(delimiter) });
    const tree = SopsRepository.at(mkdtempSync(join(tmpdir(), "sopsloop-deploy-")), {
      ...SopsRepository.settings(vault.env()),
      GIT_SSL_CAINFO: server.ca,
      BOT_TOKEN: server.tokens.bot,
    });
    const deploy = new DeployRepository(vault, server, gate, tree);
    try {
      await trustGitLab(vault, server, DEPLOY);
      await deploy.fill();
      return deploy;
    } catch (error) {
      await deploy.close();
      throw error;
    }
  }

  async close(): Promise<void> {
    this.gate.remove();
    await this.server.close();
    await this.vault.stop();
    rmSync(this.tree.folder, { recursive: true, force: true });
  }

  /** Commits files on top of the server's branch, or of main where there is none, and pushes by the person's own token. */
  async publish(files: Files, branch = "main"): Promise<void> {
    const known = await this.online("ls-remote", "origin", `refs/heads/${branch}`);
    await this.pull(known === "" ? "main" : branch);
    for (const [path, text] of Object.entries(files)) this.tree.write(path, text);
    this.tree.commitAll(`Theirs: ${Object.keys(files).join(", ")}`);
    await this.push(branch);
  }

  async push(branch = "main"): Promise<void> {
    await this.online("push", "--quiet", "origin", `HEAD:refs/heads/${branch}`);
  }

  /** Fetches, and moves the checkout to a branch's tip, whatever lies in it. */
  async pull(branch = "main"): Promise<void> {
    await this.online("fetch", "--quiet", "origin", `+refs/heads/${branch}:refs/remotes/origin/${branch}`);
    this.tree.git("checkout", "--quiet", "--force", "--detach", `origin/${branch}`);
    this.tree.git("clean", "--quiet", "--force", "-d");
  }

  /** Subjects of the server's commits, newest first. */
  async subjects(branch = "main"): Promise<string[]> {
    await this.pull(branch);
    return this.tree.git("log", "--format=%s").split("\n");
  }

  /** Plays a new schedule, whose own time does not come during the test. Resolves with the pipeline's id. */
  async schedule(): Promise<number> {
    const { id } = await this.api.PipelineSchedules.create(DEPLOY, "sweep", "main", "0 0 29 2 *");
    return this.pipelineAfter("schedule", () => this.api.PipelineSchedules.run(DEPLOY, id));
  }

  /** What GitLab makes of an event a moment later. Resolves with the new pipeline's id. */
  async pipelineAfter(source: PipelineSource, event: () => Promise<unknown>): Promise<number> {
    const known = new Set(this.pipelines(source));
    await event();
    // An earlier push may still be worked on: it is the one of what was pushed last.
    const pushed = ["push", "merge_request_event"].includes(source);
    const sha = pushed ? this.tree.git("rev-parse", "HEAD") : undefined;
    const made = async () => this.pipelines(source, DEPLOY, sha).find((pipeline) => !known.has(pipeline));
    return until(made, { what: `a pipeline by ${source}`, timeoutMs: 60_000 });
  }

  /** The vendored components and the CI file that the program writes. @param roles other than the jobs' own. */
  pipelineFiles(roles: Partial<Record<JobName, string>> = {}, branch = "main"): Files {
    const all = {
      rewrap: roles.rewrap ?? roleOf("rewrap"),
      status: roles.status ?? roleOf("status"),
      chart: roles.chart ?? roleOf("chart"),
    };
    const login = { address: this.vault.address, mount: "gitlab", roles: all };
    const vendored = JOBS.map((name) => [`.gitlab/sopsloop/${name}.yml`, componentText(name)]);
    return {
      ...Object.fromEntries(vendored),
      ".gitlab-ci.yml": ciFileText({ login, branch, runnerTags: [], app: APP }),
    };
  }

  /** Vault's CA for the jobs of a project, as a variable of type file. */
  async tellCa(project: number): Promise<void> {
    const value = readFileSync(this.vault.ca, "utf8");
    const about = { variableType: "file", protected: false } as const;
    await this.api.ProjectVariables.create(project, "VAULT_CACERT", value, about);
  }

  /** git that speaks to the server, which is a part of this very process. */
  private online(...words: string[]): Promise<string> {
    const { folder, env } = this.tree;
    return run("git", words, { cwd: folder, env });
  }

  private async fill(): Promise<void> {
    const { tree, server, vault } = this;
    await this.set("PUT", `${DEPLOY}`, { ci_push_repository_for_job_token_allowed: true });
    await this.tellCa(DEPLOY);
    tree.git("init", "--quiet", "--initial-branch=main");
    tree.git("remote", "add", "origin", `${server.address}/platform/deploy.git`);
    tree.git("config", "credential.helper", "!f() { echo username=oauth2; echo password=$BOT_TOKEN; }; f");
    tree.write(".sops.yaml", ruleFor(vault));
    for (const [path, text] of Object.entries(this.pipelineFiles())) tree.write(path, text);
    tree.encryptByRules(FILE, secret("base"));
    tree.commitAll("Begin");
    await this.jobs(await this.pipelineAfter("push", () => this.push()));
  }
}
