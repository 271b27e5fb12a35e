import * as z from "zod";
import type { Kubectl } from "../../../kubernetes/kubectl";
import type { Parts } from "../parts";
import type { DeclaredFile } from "./declared-project";
import type { ComparedFile, JobTokens, ProjectFacts } from "./facts";
import type { ProjectAccess } from "./project-access";

const owner = z.object({ id: z.number(), username: z.string() }).nullable();

const level = z.object({
  access_level: z.number().nullable(),
  access_level_description: z.string().optional(),
  user_id: z.number().nullish(),
  group_id: z.number().nullish(),
  deploy_key_id: z.number().nullish(),
});

const shapes = {
  settings: z.object({
    visibility: z.string().optional(),
    forking_access_level: z.string().optional(),
    ci_config_path: z.string().nullish(),
    public_jobs: z.boolean().optional(),
    ci_pipeline_variables_minimum_override_role: z.string().optional(),
    ci_id_token_sub_claim_components: z.array(z.string()).optional(),
  }),
  branch: z.object({
    name: z.string(),
    allow_force_push: z.boolean(),
    push_access_levels: z.array(level),
    merge_access_levels: z.array(level),
    unprotect_access_levels: z.array(level).optional(),
  }),
  trigger: z.object({ id: z.number(), description: z.string(), owner }),
  schedule: z.object({
    id: z.number(),
    description: z.string(),
    ref: z.string(),
    active: z.boolean(),
    owner,
  }),
  // Without the value: it is dropped as soon as it arrives.
  variable: z.object({
    key: z.string(),
    protected: z.boolean(),
    masked: z.boolean(),
    environment_scope: z.string(),
  }),
  hook: z.object({ id: z.number(), url: z.string(), enable_ssl_verification: z.boolean() }),
  key: z.object({ id: z.number(), title: z.string(), can_push: z.boolean() }),
  scope: z.object({ inbound_enabled: z.boolean() }),
  project: z.object({ id: z.number(), path_with_namespace: z.string() }),
  group: z.object({ full_path: z.string().optional(), web_url: z.string().optional(), name: z.string() }),
};

interface ReceiverObject {
  readonly status?: { readonly webhookPath?: string };
}

/** Reads the deploy project's settings from GitLab, a part at a time. */
export class ProjectSurvey {
  constructor(
    private readonly project: ProjectAccess,
    private readonly kubectl: Kubectl,
    private readonly parts: Parts,
  ) {}

  /** @param files those that are compared. @throws Skip, CliError where GitLab cannot be asked at all. */
  async facts(files: readonly DeclaredFile[]): Promise<ProjectFacts> {
    const { project, parts } = this;
    return {
      // Who may not even see this sees nothing: then it is told once.
      settings: await project.read("", shapes.settings),
      branches: await parts.read("gitlab-branches", () => project.list("/protected_branches", shapes.branch)),
      triggers: await parts.read("gitlab-triggers", () => project.list("/triggers", shapes.trigger)),
      schedules: await parts.read("gitlab-schedules", () =>
        project.list("/pipeline_schedules", shapes.schedule),
      ),
      variables: await parts.read("gitlab-variables", () => project.list("/variables", shapes.variable)),
      hooks: await parts.read("gitlab-hooks", () => project.list("/hooks", shapes.hook)),
      deployKeys: await parts.read("gitlab-deploy-keys", () => project.list("/deploy_keys", shapes.key)),
      jobTokens: await parts.read("gitlab-job-tokens", () => this.jobTokens()),
      files: await parts.read("gitlab-files", () => this.compared(files)),
      receiverPaths: await parts.read("gitlab-receivers", () => this.receiverPaths()),
    };
  }

  private async jobTokens(): Promise<JobTokens> {
    const { project } = this;
    const scope = "/job_token_scope";
    const { inbound_enabled: inbound } = await project.read(scope, shapes.scope);
    const own = await project.read("", shapes.project);
    const projects = await project.list(`${scope}/allowlist`, shapes.project);
    const groups = await project.list(`${scope}/groups_allowlist`, shapes.group);
    return {
      inbound,
      projects: projects
        .filter(({ id }) => id !== own.id)
        .map(({ id, path_with_namespace: path }) => ({ id, path })),
      groups: groups.map(({ full_path: path, name }) => path ?? name),
    };
  }

  private async compared(files: readonly DeclaredFile[]): Promise<ComparedFile[]> {
    const found: ComparedFile[] = [];
    for (const { path, branch, text: declared } of files)
      found.push({ path, branch, declared, text: await this.project.file(path, branch) });
    return found;
  }

  private async receiverPaths(): Promise<string[]> {
    const words = ["receivers.notification.toolkit.fluxcd.io", "--all-namespaces"];
    const list = await this.kubectl.get<{ readonly items: readonly ReceiverObject[] }>(words);
    return (list?.items ?? []).flatMap(({ status }) => status?.webhookPath ?? []);
  }
}
