import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { stringify } from "yaml";
import { installPolicyPack } from "../../../sandbox/policy-pack";
import { run } from "../../../sandbox/processes/run";
import { CertificateAuthority } from "../../../sandbox/servers/certificate-authority";
import { PLAIN_GIT } from "../../../sandbox/servers/environment";
import { GitLabApi } from "../../../sandbox/servers/gitlab-api";
import { PROJECTS } from "../../../sandbox/servers/gitlab-server";
import { writeKubeconfig } from "../../../sandbox/servers/kubeconfig";
import type { Loop } from "./loop";
import type { Stack } from "./stack";

const CHECKOUT = join(__dirname, "..", "..", "..");
/** Which jobs get which policy, as docs/pipelines.md has it. */
const ROLES = {
  preview: { pipeline_source: "merge_request_event" },
  deploy: {
    ref_type: "branch",
    ref: "main",
    ref_protected: "true",
    pipeline_source: ["push", "schedule", "web"],
  },
} as const;
const POLICIES = { preview: "preview-policy.hcl", deploy: "deployer-policy.hcl" } as const;

/** This program as a project in GitLab whose merge requests are previewed: the files of the checkout, and a stack that is up. */
export class ProgramProject {
  private constructor(
    private readonly loop: Loop,
    private readonly folder: string,
  ) {}

  /** Sets up Vault and GitLab as docs/pipelines.md says, and pushes `main`. */
  static async create(loop: Loop, stack: Stack): Promise<ProgramProject> {
    const project = new ProgramProject(loop, mkdtempSync(join(tmpdir(), "sopsloop-program-")));
    await loop.vault.send("POST", "sys/mounts/secret", { type: "kv", options: { version: "2" } });
    await project.allow("preview", await project.reporter());
    await project.allow("deploy", String(loop.env.GITLAB_TOKEN));
    await project.configure();
    project.fill(stack);
    await project.git("init", "--quiet", "--initial-branch=main");
    await project.git("remote", "add", "origin", `${loop.layout.gitlab.address}/platform/sopsloop.git`);
    await project.commit("The program [skip ci]");
    await project.push("main");
    return project;
  }

  /** Changes a file's text. */
  edit(path: string, change: (text: string) => string): void {
    const file = join(this.folder, path);
    writeFileSync(file, change(readFileSync(file, "utf8")));
  }

  async commit(message: string): Promise<void> {
    await this.git("add", "--all");
    await this.git("commit", "--quiet", `--message=${message}`);
  }

  /** Takes the newest commit back, by another. */
  revert(): Promise<void> {
    return this.git("revert", "--no-edit", "HEAD");
  }

  async push(branch: string): Promise<void> {
    await this.git("push", "--quiet", "origin", `HEAD:refs/heads/${branch}`);
  }

  close(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  private async git(...words: string[]): Promise<void> {
    await run("git", words, { cwd: this.folder, env: { ...this.loop.gitEnv(), ...PLAIN_GIT } });
  }

  /** The token of a Reporter: it may comment, and look the deploy project up. */
  private async reporter(): Promise<string> {
    const admin = GitLabApi.admin(this.loop.layout);
    try {
      const { Users, ProjectMembers } = admin.client;
      const user = await Users.create({
        username: "previews",
        name: "Previews",
        email: "previews@sopsloop.invalid",
        password: "of no use here, since it is never asked for",
      });
      for (const project of [PROJECTS.sopsloop, PROJECTS.deploy, PROJECTS.app])
        await ProjectMembers.add(project, 20, { userId: user.id });
      const made = await admin.client.PersonalAccessTokens.create(user.id, "previews", ["api"]);
      return made.token;
    } finally {
      await admin.close();
    }
  }

  /** Lets jobs log in to Vault, where they find their GitLab token. */
  private async allow(job: keyof typeof ROLES, token: string): Promise<void> {
    const { vault, layout } = this.loop;
    const name = `sopsloop-${job}`;
    await vault.send("POST", `secret/data/sopsloop/${job}`, { data: { token } });
    const policy = readFileSync(join(CHECKOUT, "docs", POLICIES[job]), "utf8");
    await vault.send("PUT", `sys/policies/acl/${name}`, { policy });
    await vault.send("POST", `auth/gitlab/role/${name}`, {
      role_type: "jwt",
      user_claim: "project_id",
      claim_mappings: { pipeline_id: "pipeline_id", job_id: "job_id", user_login: "user_login" },
      bound_audiences: [layout.vault.address],
      bound_claims: { project_id: String(PROJECTS.sopsloop), ...ROLES[job] },
      token_policies: [name],
      token_no_default_policy: true,
      token_type: "batch",
      token_ttl: "30m",
    });
  }

  /** What a runner's image or the project's settings bring elsewhere: none of it is secret. */
  private async configure(): Promise<void> {
    const { env, layout } = this.loop;
    const bot = GitLabApi.bot(layout);
    const settings = {
      VAULT_CACERT: layout.vault.ca,
      PULUMI_HOME: env.PULUMI_HOME,
      PULUMI_BACKEND_URL: env.PULUMI_BACKEND_URL,
      PULUMI_CONFIG_PASSPHRASE_FILE: env.PULUMI_CONFIG_PASSPHRASE_FILE,
      PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    };
    try {
      for (const [key, value] of Object.entries(settings))
        await bot.client.ProjectVariables.create(PROJECTS.sopsloop, key, value ?? "", { raw: true });
      const file = { raw: true, variableType: "file" } as const;
      for (const [key, path, protection] of await this.kubeconfigs())
        await bot.client.ProjectVariables.create(PROJECTS.sopsloop, key, readFileSync(path, "utf8"), {
          ...file,
          protected: protection,
        });
      // Its previews clone the deploy project by their job token.
      await bot.client.ProjectJobTokenScopes.addToInboundAllowList(PROJECTS.deploy, PROJECTS.sopsloop);
    } finally {
      await bot.close();
    }
  }

  /** Variable, file, whether for protected branches alone: updates are the administrator, previews somebody without any right. */
  private async kubeconfigs(): Promise<readonly (readonly [string, string, boolean])[]> {
    const { root, kubernetes } = this.loop.layout;
    const authority = await CertificateAuthority.open(kubernetes.folder, "sopsloop sandbox Kubernetes CA");
    const { certificate, key } = await authority.issue("previews", { commonName: "previews" });
    const previews = join(root, "kubeconfig-previews");
    const user = { "client-certificate": certificate, "client-key": key };
    writeKubeconfig(previews, { server: kubernetes.address, ca: kubernetes.ca, user });
    return [
      ["KUBECONFIG", kubernetes.kubeconfig, true],
      ["PREVIEW_KUBECONFIG", previews, false],
    ];
  }

  private fill(stack: Stack): void {
    const listed = ["ls-files", "-z", "--cached", "--others", "--exclude-standard"];
    const files = execFileSync("git", listed, { cwd: CHECKOUT, encoding: "utf8" }).split("\0");
    for (const file of files.filter((name) => name !== "" && existsSync(join(CHECKOUT, name)))) {
      mkdirSync(dirname(join(this.folder, file)), { recursive: true });
      cpSync(join(CHECKOUT, file), join(this.folder, file));
    }
    const config = `Pulumi.${stack.name}.yaml`;
    cpSync(join(stack.folder, config), join(this.folder, config));
    const { address } = this.loop.layout.vault;
    const inputs = {
      stack: stack.name,
      image: "of no use: jobs run in a shell",
      "vault-address": address,
      "vault-audience": address,
      "deploy-project": "platform/deploy",
      // What the sandbox's language host takes in the place of `policies`.
      "policy-pack": installPolicyPack(this.loop.layout),
      // The packages of the checkout, instead of a minute of npm for each job.
      install: `ln -s ${join(CHECKOUT, "node_modules")} node_modules`,
    };
    writeFileSync(
      join(this.folder, ".gitlab-ci.yml"),
      stringify({
        stages: ["preview", "deploy"],
        include: [{ local: "pipelines/pulumi.yml", inputs }],
      }),
    );
  }
}
