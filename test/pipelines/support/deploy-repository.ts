import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ciFileText } from "../../../components/gitlab/pipeline-texts";
import { keyGrants, policyText } from "../../../components/vault/policy-text";
import { until } from "../../../sandbox/processes/until";
import { SopsRepository, secret } from "../../cli/rewrap/support/sops-repository";
import { KEY, MOUNT, SopsVault } from "../../cli/rewrap/support/sops-vault";
import { type TestGitLab, testGitLab } from "../../emulators/gitlab/support/test-gitlab";

const ROOT = join(__dirname, "..", "..", "..");
const DEPLOY = 101;

/** The jobs' roles, as the program makes them: by whom a pipeline may have been started, and whether for main alone. */
const ROLES = {
  rewrap: { sources: ["trigger", "schedule"], mainOnly: true },
  status: { sources: ["merge_request_event", "push"], mainOnly: false },
} as const;

/** What a job has left behind. */
export interface JobEnd {
  readonly status: string;
  readonly trace: string;
  /** By type and path: `codequality/gl-code-quality-report.json`. */
  readonly artifact: (path: string) => string;
}

/**
 * A GitLab and a Vault that trusts its ID tokens, and a deploy repository with the program's own CI file, rules and one Secret. Jobs
 * find the real sops and sopsloop on PATH, and no token of Vault's anywhere.
 */
export class DeployRepository {
  private constructor(
    readonly vault: SopsVault,
    readonly server: TestGitLab,
    /** A person's checkout, who may do everything. */
    readonly tree: SopsRepository,
  ) {}

  static async create(): Promise<DeployRepository> {
    const vault = await SopsVault.start();
    const server = await testGitLab();
    const folder = mkdtempSync(join(tmpdir(), "sopsloop-deploy-"));
    const tree = SopsRepository.at(folder, {
      ...SopsRepository.settings(vault.env()),
      GIT_SSL_CAINFO: server.ca,
      BOT_TOKEN: server.tokens.bot,
    });
    const deploy = new DeployRepository(vault, server, tree);
    await deploy.trust();
    await deploy.fill();
    return deploy;
  }

  get api() {
    return this.server.client(this.server.tokens.bot);
  }

  async close(): Promise<void> {
    await this.server.close();
    await this.vault.stop();
    rmSync(this.tree.folder, { recursive: true, force: true });
  }

  /** Pushes what is checked out to a branch, by the person's own token. */
  push(branch = "main"): void {
    this.tree.git("push", "--quiet", "origin", `HEAD:refs/heads/${branch}`);
  }

  /** Fetches, and moves the checkout to a branch's tip. */
  pull(branch = "main"): void {
    this.tree.git("fetch", "--quiet", "origin", `+refs/heads/${branch}:refs/remotes/origin/${branch}`);
    this.tree.git("checkout", "--quiet", "--detach", `origin/${branch}`);
  }

  /** A pipeline that a trigger token starts. Resolves with its id. */
  async trigger(ref = "main", project = DEPLOY): Promise<number> {
    const { token } = await this.api.PipelineTriggerTokens.create(project, "relay");
    const body = { token, ref };
    const answer = await this.server.ask("POST", `/api/v4/projects/${project}/trigger/pipeline`, { body });
    const { id, message } = (await answer.json()) as { id?: number; message?: unknown };
    if (id === undefined) throw new Error(`GitLab refused: ${JSON.stringify(message)}`);
    return id;
  }

  /** Plays a new schedule. Resolves with the pipeline's id. */
  async schedule(): Promise<number> {
    const { id } = await this.api.PipelineSchedules.create(DEPLOY, "sweep", "main", "0 3 * * *");
    const known = new Set((await this.pipelines("schedule")).map((pipeline) => pipeline.id));
    await this.api.PipelineSchedules.run(DEPLOY, id);
    const made = async () => (await this.pipelines("schedule")).find((pipeline) => !known.has(pipeline.id));
    return (await until(made, { what: "the schedule's pipeline", timeoutMs: 10_000 })).id;
  }

  pipelines(source: "schedule" | "push") {
    return this.api.Pipelines.all(DEPLOY, { source });
  }

  /** Waits for all jobs. Resolves with those of a pipeline, by name. */
  async jobs(pipelineId: number, project = DEPLOY): Promise<Readonly<Record<string, JobEnd>>> {
    const { runner } = this.server.gitlab.core;
    await runner.idle();
    const jobs = await this.api.Jobs.all(project, { pipelineId });
    const ends = jobs.map(({ id, name, status }): [string, JobEnd] => [
      name,
      {
        status,
        trace: runner.trace(id),
        artifact: (path) => readFileSync(runner.artifact(id, path), "utf8"),
      },
    ]);
    return Object.fromEntries(ends);
  }

  /** The vendored pipelines and the CI file that the program writes, for a role of each job. */
  pipelineFiles(roles = { rewrap: "sops-rewrap", status: "sops-status" }): Readonly<Record<string, string>> {
    const login = { address: this.vault.address, mount: "gitlab", roles };
    const vendored = (["rewrap", "status"] as const).map((name): [string, string] => [
      `.gitlab/sopsloop/${name}.yml`,
      pipelineText(name),
    ]);
    return {
      ...Object.fromEntries(vendored),
      ".gitlab-ci.yml": ciFileText({ login, branch: "main", runnerTags: [] }),
    };
  }

  /** Vault's side: the auth method that fetches GitLab's keys, and a role with a policy of its own for each job. */
  private async trust(): Promise<void> {
    const { api } = this.vault;
    await api.write("sys/auth/gitlab", { type: "jwt" });
    await api.write("auth/gitlab/config", {
      oidc_discovery_url: this.server.address,
      oidc_discovery_ca_pem: readFileSync(this.server.ca, "utf8"),
      bound_issuer: this.server.address,
    });
    const grants = keyGrants(MOUNT, KEY);
    for (const job of ["rewrap", "status"] as const) {
      const { sources, mainOnly } = ROLES[job];
      await api.write(`sys/policies/acl/sops-${job}`, { policy: policyText(grants[job]) });
      await api.write(`auth/gitlab/role/sops-${job}`, {
        role_type: "jwt",
        user_claim: "project_id",
        bound_audiences: [this.vault.address],
        bound_claims: {
          project_id: String(DEPLOY),
          ref_type: "branch",
          pipeline_source: sources,
          ...(mainOnly && { ref: "main", ref_protected: "true" }),
        },
        token_type: "batch",
        token_ttl: 300,
        token_no_default_policy: true,
        token_policies: [`sops-${job}`],
      });
    }
  }

  private async fill(): Promise<void> {
    const { tree, server, vault } = this;
    await this.allow({ ci_push_repository_for_job_token_allowed: true });
    const value = readFileSync(vault.ca, "utf8");
    await this.api.ProjectVariables.create(DEPLOY, "VAULT_CACERT", value, {
      variableType: "file",
      protected: false,
    });
    tree.git("init", "--quiet", "--initial-branch=main");
    tree.git("remote", "add", "origin", `${server.address}/platform/deploy.git`);
    tree.git("config", "credential.helper", "!f() { echo username=oauth2; echo password=$BOT_TOKEN; }; f");
    tree.write(".sops.yaml", `creation_rules:\n  - hc_vault_transit_uri: ${vault.keyUri()}\n`);
    for (const [path, text] of Object.entries(this.pipelineFiles())) tree.write(path, text);
    tree.encryptByRules("apps/shop/secret.yaml", secret("shop"));
    tree.commitAll("Begin");
    this.push();
    await server.gitlab.core.runner.idle();
  }

  /** Settings that gitbeaker's types do not have so far. */
  private async allow(body: object): Promise<void> {
    const answer = await this.server.ask("PUT", `/api/v4/projects/${DEPLOY}`, {
      token: this.server.tokens.bot,
      body,
    });
    if (answer.status !== 200) throw new Error(await answer.text());
  }
}

/** A pipeline of this project's, as it is vendored. */
export function pipelineText(name: "chart" | "rewrap" | "status"): string {
  return readFileSync(join(ROOT, "pipelines", `${name}.yml`), "utf8");
}

/** Lines of `git log` on a branch of the server. */
export function subjects(deploy: DeployRepository, branch = "main"): string[] {
  deploy.pull(branch);
  return execFileSync("git", ["log", "--format=%s"], { cwd: deploy.tree.folder, encoding: "utf8" })
    .trim()
    .split("\n");
}
