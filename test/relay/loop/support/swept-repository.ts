import { randomUUID } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";
import { readSopsFile } from "../../../../cli/sops-file/read-sops-file";
import { ciFileText } from "../../../../components/gitlab/pipeline-texts";
import { run } from "../../../../sandbox/processes/run";
import { until } from "../../../../sandbox/processes/until";
import { SopsRepository, secret } from "../../../cli/rewrap/support/sops-repository";
import { componentText } from "../../../pipelines/support/documented";
import { AUDIENCE, jobIdentity } from "./job-identity";
import { KEY, VAULT } from "./rotated-key";
import type { RotationLoop } from "./rotation-loop";
import { DEPLOY, DEPLOY_ID } from "./trigger-project";

/** The Secret in it. */
export const FILE = "apps/secret.sops.yaml";

/** Of no key in the repository: nobody asks there. */
const NO_VAULT = "https://vault.example.com:8200";
const JOB_MS = 120_000;
const OVER = ["success", "failed", "canceled", "skipped"];

/** A pipeline's only job, once it is over. */
export interface JobEnd {
  readonly name: string;
  readonly status: string;
  readonly trace: string;
}

/**
 * The deploy project of a loop with the program's own CI file, and a Secret that the real sops has encrypted by the key in Azure. Its jobs
 * are federated to identities that may do no more than they have to.
 */
export class SweptRepository {
  private constructor(
    private readonly loop: RotationLoop,
    /** A person's checkout. */
    private readonly tree: SopsRepository,
  ) {}

  static async create(loop: RotationLoop): Promise<SweptRepository> {
    const { azure } = loop.key;
    const tree = SopsRepository.at(mkdtempSync(join(tmpdir(), "sopsloop-swept-")), {
      ...SopsRepository.settings({ GIT_SSL_CAINFO: loop.gitlab.ca, BOT_TOKEN: loop.gitlab.botToken }),
      HTTPS_PROXY: azure.address,
      NO_PROXY: "127.0.0.1",
      SSL_CERT_FILE: azure.ca,
      AZURE_TENANT_ID: azure.tenantId,
      AZURE_CLIENT_ID: azure.deployer.clientId,
      AZURE_CLIENT_SECRET: azure.deployer.secret,
    });
    const repository = new SweptRepository(loop, tree);
    try {
      await repository.fill();
      return repository;
    } catch (error) {
      repository.remove();
      throw error;
    }
  }

  remove(): void {
    rmSync(this.tree.folder, { recursive: true, force: true });
  }

  /** Version of the key that the Secret's data key is wrapped by, on the server. */
  async version(): Promise<string | undefined> {
    await this.pull();
    return readSopsFile(FILE, this.tree.read(FILE))?.recipients[0]?.version;
  }

  /** The Secret in the clear. */
  async decrypted(): Promise<string> {
    await this.pull();
    return run("sops", ["decrypt", FILE], { cwd: this.tree.folder, env: this.tree.env });
  }

  /** Subjects of the server's commits, newest first. */
  async subjects(): Promise<string[]> {
    await this.pull();
    return this.tree.git("log", "--format=%s").split("\n");
  }

  /** Pushes a commit with a note. Resolves with the job that looks through what was pushed. */
  async push(): Promise<JobEnd> {
    await this.pull();
    this.tree.write(`notes/${randomUUID()}.md`, "A note\n");
    const sha = this.tree.commitAll("A note");
    await this.git("push", "--quiet", "origin", "HEAD:refs/heads/main");
    return this.endOf(await this.found("push", ({ sha: of }) => of === sha));
  }

  /** Plays the schedule. Resolves with its job. */
  async sweep(): Promise<JobEnd> {
    const { api } = this.loop.gitlab;
    const { id } = await api.PipelineSchedules.create(DEPLOY, "sweep", "main", "0 3 * * *");
    await api.PipelineSchedules.run(DEPLOY, id);
    const pipeline = await this.found("schedule", () => true);
    await api.PipelineSchedules.remove(DEPLOY, id);
    return this.endOf(pipeline);
  }

  /** Jobs of all pipelines that trigger tokens have started, once they are over. */
  async triggered(): Promise<JobEnd[]> {
    const pipelines = await this.loop.gitlab.api.Pipelines.all(DEPLOY, { source: "trigger", perPage: 100 });
    return Promise.all(pipelines.map(({ id }) => this.endOf(id)));
  }

  private async pull(): Promise<void> {
    await this.git("fetch", "--quiet", "origin", "+refs/heads/main:refs/remotes/origin/main");
    this.tree.git("checkout", "--quiet", "--force", "--detach", "origin/main");
  }

  /** git and sops run beside the tests: the proxy to Azure is in their process. */
  private git(...words: string[]): Promise<string> {
    return run("git", words, { cwd: this.tree.folder, env: this.tree.env });
  }

  /** The newest pipeline of a source, which GitLab makes a moment after what sets it off. */
  private found(source: "push" | "schedule", is: (pipeline: { sha: string }) => boolean): Promise<number> {
    const { api } = this.loop.gitlab;
    const look = async () => (await api.Pipelines.all(DEPLOY, { source, perPage: 20 })).find(is)?.id;
    return until(look, { what: `a pipeline by ${source}`, timeoutMs: JOB_MS });
  }

  private async endOf(pipelineId: number): Promise<JobEnd> {
    const { api } = this.loop.gitlab;
    const over = async () => {
      const { status } = await api.Pipelines.show(DEPLOY, pipelineId);
      return OVER.includes(status) || undefined;
    };
    await until(over, { what: `pipeline ${pipelineId} to be over`, timeoutMs: JOB_MS });
    const [job, ...others] = await api.Jobs.all(DEPLOY, { pipelineId });
    if (!job || others.length > 0) throw new Error(`pipeline ${pipelineId} has ${others.length + 1} jobs`);
    const trace = String(await api.Jobs.showLog(DEPLOY, job.id));
    return { name: job.name, status: job.status, trace };
  }

  private async fill(): Promise<void> {
    const { tree, loop } = this;
    const clientIds = {
      rewrap: await jobIdentity("rewrap", loop.key, loop.gitlab),
      status: await jobIdentity("status", loop.key, loop.gitlab),
    };
    await this.tellJobs();
    tree.git("init", "--quiet", "--initial-branch=main");
    tree.git("remote", "add", "origin", `${loop.gitlab.address}/${DEPLOY}.git`);
    tree.git("config", "credential.helper", "!f() { echo username=oauth2; echo password=$BOT_TOKEN; }; f");
    await this.pull();
    const rule = {
      path_regex: "\\.sops\\.yaml$",
      azure_keyvault: `https://${VAULT}.vault.azure.net/keys/${KEY}`,
    };
    tree.write(
      ".sops.yaml",
      stringify({ creation_rules: [{ ...rule, encrypted_regex: "^(data|stringData)$" }] }),
    );
    for (const name of ["rewrap", "status"] as const)
      tree.write(`.gitlab/sopsloop/${name}.yml`, componentText(name));
    const ciFile = ciFileText({
      login: { address: NO_VAULT, mount: "gitlab", roles: { rewrap: "sops-rewrap", status: "sops-status" } },
      azure: { tenantId: loop.key.azure.tenantId, audience: AUDIENCE, clientIds },
      branch: "main",
      runnerTags: [],
    });
    tree.write(".gitlab-ci.yml", ciFile);
    tree.write(FILE, secret("swept"));
    await run("sops", ["encrypt", "--in-place", FILE], { cwd: tree.folder, env: tree.env });
    tree.commitAll("Begin");
    await this.git("push", "--quiet", "origin", "HEAD:refs/heads/main");
  }

  /** What a runner beside the emulator has to be told; and jobs may push. */
  private async tellJobs(): Promise<void> {
    const { api } = this.loop.gitlab;
    const { azure } = this.loop.key;
    const settings = { ci_push_repository_for_job_token_allowed: true };
    await api.Projects.edit(DEPLOY_ID, settings as Parameters<typeof api.Projects.edit>[1]);
    for (const [key, value] of Object.entries({ HTTPS_PROXY: azure.address, NO_PROXY: "127.0.0.1" }))
      await api.ProjectVariables.create(DEPLOY, key, value);
    const ca = readFileSync(azure.ca, "utf8");
    await api.ProjectVariables.create(DEPLOY, "SSL_CERT_FILE", ca, { variableType: "file" });
  }
}
