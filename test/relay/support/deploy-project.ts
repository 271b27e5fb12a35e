import { type StartedGitLab, startGitLab } from "../../../sandbox/emulators/gitlab/start";
import { type TestGitLab, testGitLab } from "../../emulators/gitlab/support/test-gitlab";

export const DEPLOY = "platform/deploy";
const DEPLOY_ID = 101;

/** A pipeline that takes what the relay tells, and nothing else. */
const CI_FILE = `spec:
  inputs:
    backend:
      default: ""
      regex: ^[a-z_]{0,32}$
    key:
      default: ""
      regex: ^[\\w./:-]{0,256}$
    version:
      default: ""
      regex: ^\\w{0,64}$
---
workflow:
  rules:
    - if: $CI_PIPELINE_SOURCE == "trigger"
rewrap:
  script:
    - echo "rotated $[[ inputs.backend ]] $[[ inputs.key ]] $[[ inputs.version ]]"
`;

/** GitLab's emulator with a deploy repository whose pipeline the relay may start. Everything about it is asked through gitbeaker. */
export class DeployProject {
  private readonly triggers: number[] = [];

  private constructor(private readonly server: TestGitLab) {}

  static async create(): Promise<DeployProject> {
    const project = new DeployProject(await testGitLab());
    await project.api.Commits.create(DEPLOY, "main", "Pipeline", [
      { action: "create", filePath: ".gitlab-ci.yml", content: CI_FILE },
    ]);
    return project;
  }

  /** What a relay is told of it. */
  env(token: string): Readonly<Record<string, string>> {
    return {
      ...{ GITLAB_URL: this.server.address, GITLAB_PROJECT: String(DEPLOY_ID), GITLAB_TRIGGER_TOKEN: token },
      NODE_EXTRA_CA_CERTS: this.server.ca,
    };
  }

  async newToken(): Promise<string> {
    const { id, token } = await this.api.PipelineTriggerTokens.create(DEPLOY, "relay");
    this.triggers.push(id);
    return token;
  }

  /** Takes the oldest token away. */
  async revokeOldest(): Promise<void> {
    const id = this.triggers.shift();
    if (id !== undefined) await this.api.PipelineTriggerTokens.remove(DEPLOY, id);
  }

  /** Ids of all pipelines, oldest first. */
  async pipelines(): Promise<number[]> {
    const all = await this.api.Pipelines.all(DEPLOY, { source: "trigger", sort: "asc", perPage: 100 });
    return all.map(({ id }) => id);
  }

  /** What a pipeline's job has printed, once it is over. */
  async traceOf(pipeline: number): Promise<string> {
    for (;;) {
      const { status } = await this.api.Pipelines.show(DEPLOY, pipeline);
      if (["success", "failed", "canceled"].includes(status)) break;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    const [job] = await this.api.Jobs.all(DEPLOY, { pipelineId: pipeline });
    return String(await this.api.Jobs.showLog(DEPLOY, job?.id ?? 0));
  }

  /** Ends GitLab, so that nobody listens any more. @returns what starts it again as it was. */
  async goDown(): Promise<() => Promise<void>> {
    const { folder, address } = this.server;
    await this.server.gitlab.stop();
    return async () => {
      const options = {
        folder,
        port: Number(new URL(address).port),
        path: process.env.PATH ?? "",
        projects: [],
      };
      this.again = await startGitLab(options);
    };
  }

  async close(): Promise<void> {
    await this.again?.gitlab.stop();
    await this.server.close().catch(() => undefined);
  }

  private again: StartedGitLab | undefined;

  private get api() {
    return this.server.client(this.server.tokens.bot);
  }
}
