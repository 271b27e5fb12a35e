import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { stringify } from "yaml";
import type { PipelineSource } from "../../../sandbox/emulators/gitlab/pipelines/contract";
import { until } from "../../../sandbox/processes/until";
import { type TestGitLab, testGitLab } from "../../emulators/gitlab/support/test-gitlab";
import { DeployProject } from "./deploy-project";

const PROGRAM = 103;
const STACK = "prod";
const VAULT = "https://vault.example.com:8200";
const COMPONENT = join(__dirname, "..", "..", "..", "pipelines", "pulumi.yml");

/** In the place of the tools: pulumi tells as whom kubectl would speak to the cluster, vault hands out what jobs log in for. */
const TOOLS = {
  pulumi: [
    "user=$(kubectl config view --minify --output 'jsonpath={.users[0].name}' 2>/dev/null) || user=nobody",
    'echo "pulumi $1 as $user by $KUBECONFIG" >&2',
  ],
  // Who hands it the ID token is not to write into a pipe that nobody reads.
  vault: ['case "$*" in *jwt=-*) cat > /dev/null ;; esac', "echo of-no-use"],
} as const;

/** A kubeconfig with a context for each user, the first of them the current one. */
export function kubeconfig(...users: string[]): string {
  return stringify({
    apiVersion: "v1",
    kind: "Config",
    "current-context": users[0],
    clusters: [{ name: "cluster", cluster: { server: "https://127.0.0.1:1" } }],
    users: users.map((name) => ({ name, user: { tokenFile: `/nowhere/${name}` } })),
    contexts: users.map((name) => ({ name, context: { cluster: "cluster", user: name } })),
  });
}

/** A project whose CI file includes pipelines/pulumi.yml, as the program's own does. Its main is protected. */
export class ProgramProject extends DeployProject {
  private count = 0;

  private constructor(
    server: TestGitLab,
    private readonly tools: string,
  ) {
    super(server);
  }

  static async create(): Promise<ProgramProject> {
    const tools = mkdtempSync(join(tmpdir(), "sopsloop-tools-"));
    for (const [name, lines] of Object.entries(TOOLS)) {
      writeFileSync(join(tools, name), ["#!/bin/sh", ...lines, ""].join("\n"));
      chmodSync(join(tools, name), 0o755);
    }
    const path = [tools, process.env.PATH].join(delimiter);
    const server = await testGitLab({ path, projects: [{ path: "platform/sopsloop", id: PROGRAM }] });
    return new ProgramProject(server, tools);
  }

  async close(): Promise<void> {
    await this.server.close();
    rmSync(this.tools, { recursive: true, force: true });
  }

  /** Begins main. @param inputs of the component, beside those without a default. */
  async begin(inputs: Readonly<Record<string, string>> = {}): Promise<void> {
    const required = { stack: STACK, image: "x", "vault-address": VAULT, "vault-audience": VAULT };
    const include = [
      { local: "pipelines/pulumi.yml", inputs: { ...required, install: "echo installed", ...inputs } },
    ];
    await this.commit("main", {
      ".gitlab-ci.yml": stringify({ stages: ["preview", "deploy"], include }),
      "pipelines/pulumi.yml": readFileSync(COMPONENT, "utf8"),
      "cli/launcher/sopsloop.cjs": "// In the place of the command, which would comment.\n",
    });
  }

  /** A variable of type file. */
  async variable(name: string, value: string, onlyProtected: boolean): Promise<void> {
    const about = { variableType: "file", protected: onlyProtected, raw: true } as const;
    await this.api.ProjectVariables.create(PROGRAM, name, value, about);
  }

  /** The log of the preview of a new merge request, and how it ended. */
  preview(): Promise<readonly [status: string, trace: string]> {
    const branch = `change-${++this.count}`;
    return this.jobAfter("merge_request_event", "sopsloop-preview-prod", async () => {
      await this.commit(branch, { [`${branch}.md`]: "A change\n" });
      await this.api.MergeRequests.create(PROGRAM, branch, "main", "A change");
    });
  }

  /** The same of the update that somebody starts after a push to main. */
  async update(): Promise<readonly [status: string, trace: string]> {
    return this.jobAfter("push", "sopsloop-up-prod", () =>
      this.commit("main", { [`${++this.count}.md`]: "Merged\n" }),
    );
  }

  /** The same of the scheduled look for drift. */
  async drift(): Promise<readonly [status: string, trace: string]> {
    const { id } = await this.api.PipelineSchedules.create(PROGRAM, "drift", "main", "0 3 * * *");
    return this.jobAfter("schedule", "sopsloop-drift-prod", () =>
      this.api.PipelineSchedules.run(PROGRAM, id),
    );
  }

  private async jobAfter(source: PipelineSource, job: string, event: () => Promise<unknown>) {
    const known = new Set(this.pipelines(source, PROGRAM));
    await event();
    const made = async () => this.pipelines(source, PROGRAM).find((id) => !known.has(id));
    const pipelineId = await until(made, { what: `a pipeline by ${source}`, timeoutMs: 60_000 });
    for (const { id, status } of await this.api.Jobs.all(PROGRAM, { pipelineId }))
      if (status === "manual") await this.api.Jobs.play(PROGRAM, id);
    const { [job]: end, ...others } = await this.jobs(pipelineId, PROGRAM);
    if (!end || Object.keys(others).length > 0)
      throw new Error(`its jobs are ${job} and ${Object.keys(others)}`);
    return [end.status, end.trace] as const;
  }

  /** New files on top of a branch, or of main where there is none. */
  private async commit(branch: string, files: Readonly<Record<string, string>>): Promise<void> {
    const actions = Object.entries(files).map(([filePath, content]) => ({
      action: "create" as const,
      filePath,
      content,
    }));
    const about = branch === "main" ? {} : { startBranch: "main" };
    await this.api.Commits.create(PROGRAM, branch, `Add ${Object.keys(files)}`, actions, about);
  }
}
