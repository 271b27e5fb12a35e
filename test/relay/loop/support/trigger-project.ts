import type { GitLabProcess } from "./gitlab-process";

export const DEPLOY = "platform/deploy";
export const DEPLOY_ID = 101;

/** A pipeline whose one job is called what the relay has told. It waits for somebody to start it: here, it is pipelines that count. */
const CI_FILE = `spec:
  inputs:
    backend:
      regex: ^[a-z_]{1,32}$
    key:
      regex: ^[\\w./:-]{1,256}$
    version:
      regex: ^\\w{1,64}$
---
workflow:
  name: $[[ inputs.backend ]] $[[ inputs.key ]] $[[ inputs.version ]]
  rules:
    - if: $CI_PIPELINE_SOURCE == "trigger"
$[[ inputs.backend ]] $[[ inputs.key ]] $[[ inputs.version ]]:
  when: manual
  script:
    - "true"
`;

const MONTH_MS = 30 * 86_400_000;
const REPORTER = 20;

/** A pipeline trigger token. */
export interface TriggerToken {
  readonly id: number;
  readonly token: string;
}

/** The deploy project, as its maintainer sees it through gitbeaker: tokens that start its pipelines, and the pipelines. */
export class TriggerProject {
  constructor(private readonly gitlab: GitLabProcess) {}

  /** Gives it its CI file. */
  async fill(): Promise<void> {
    await this.gitlab.api.Commits.create(DEPLOY, "main", "Pipeline", [
      { action: "create", filePath: ".gitlab-ci.yml", content: CI_FILE },
    ]);
  }

  /** A further commit on the branch. */
  async move(): Promise<void> {
    await this.gitlab.api.Commits.create(DEPLOY, "main", "Move on", [
      { action: "create", filePath: `notes/${Date.now()}.md`, content: "A note\n" },
    ]);
  }

  async newToken(): Promise<TriggerToken> {
    const { id, token } = await this.gitlab.api.PipelineTriggerTokens.create(DEPLOY, "relay");
    return { id, token };
  }

  /** One that lists pipelines, and starts none. */
  async newReadToken(): Promise<string> {
    const { token } = await this.gitlab.api.ProjectAccessTokens.create(
      DEPLOY,
      "relay reads",
      ["read_api"],
      new Date(Date.now() + MONTH_MS).toISOString().slice(0, 10),
      { accessLevel: REPORTER },
    );
    return token;
  }

  async revoke({ id }: TriggerToken): Promise<void> {
    await this.gitlab.api.PipelineTriggerTokens.remove(DEPLOY, id);
  }

  /**
   * What each of the newest pipelines was told, `azure_kv vault/key version`, newest first.
   *
   * @param last how many of them, 100 at most
   */
  async told(last = 100): Promise<string[]> {
    const jobs = await this.gitlab.api.Jobs.all(DEPLOY, { perPage: last, maxPages: 1 });
    return jobs.map(({ name }) => name);
  }
}
