import { randomBytes } from "node:crypto";
import { seconds } from "../processes/progress";
import { SandboxError } from "../processes/sandbox-error";
import { until } from "../processes/until";
import { GitLabApi } from "../servers/gitlab-api";
import { PROJECTS } from "../servers/gitlab-server";
import { KubeApi } from "../servers/kube-api";
import type { Layout } from "../servers/layout";
import { APP_FILES, APP_SECRET, APP_VARIABLE } from "./app-project";
import { AuditLog, type Login } from "./audit-log";
import { DeployClone } from "./deploy-clone";
import { FluxState } from "./flux-state";
import { gitlabGit } from "./gitlab-git";
import { Pipelines } from "./pipelines";

export interface AppProofOptions {
  readonly layout: Layout;
  /** Environment with git on PATH. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Environment of GitLab that the chart job runs in. */
  readonly environment: string;
  /** Mount of Vault's auth method for GitLab. */
  readonly authPath: string;
  /** Vault's role of the chart job. */
  readonly role: string;
}

/** What was proved, for a person and for a test. */
export interface AppProof {
  readonly lines: readonly string[];
  readonly login: Login;
  readonly commit: string;
}

const DELIVERY_MS = 60_000;

/**
 * A new random value, set as a variable in GitLab, comes to be a Secret in the cluster: a push to the app's project, the chart job of
 * the deploy project, its commit, GitLab's webhook, Flux. Nobody asks Flux to look. Throws a SandboxError that says where it got stuck.
 */
export async function proveApp(options: AppProofOptions): Promise<AppProof> {
  const { layout, authPath, role, environment } = options;
  const audit = AuditLog.fromNow(layout.vault.audit);
  const gitlab = GitLabApi.bot(layout);
  const api = KubeApi.admin(layout);
  try {
    const [app, deploy] = [PROJECTS.app, PROJECTS.deploy].map((id) => new Pipelines(gitlab, id));
    if (!app || !deploy) throw new SandboxError("the sandbox has no projects");
    const password = randomBytes(24).toString("base64url");
    await setVariable(gitlab, environment, password);

    const [lastPush, lastCall] = [await app.newest("push"), await deploy.newest("pipeline")];
    await pushApp(options);
    const begun = Date.now();
    await app.success(await app.after(lastPush, "push"));
    await deploy.success(await deploy.after(lastCall, "pipeline"));
    const { commit: head } = await gitlab.client.Branches.show(PROJECTS.deploy, "main");
    await untilInCluster(new FluxState(api, layout.git.url), api, head.id, password);
    const took = Date.now() - begun;

    const login = audit.jobLogin(authPath, role);
    return {
      login,
      commit: head.id,
      lines: [
        `app pipeline: pushed to platform/app, its job started sopsloop-chart in platform/deploy, commit ${head.id.slice(0, 10)}`,
        `Vault's audit log: the job logged in by its ID token with role ${login.role}, a ${login.tokenType} token with ${login.policies.join(", ")}`,
        `Secret ${APP_SECRET.namespace}/${APP_SECRET.name} holds the variable's value ${seconds(took)} after the push to the app; Flux was told by GitLab's hook`,
      ],
    };
  } finally {
    api.close();
    await gitlab.close();
  }
}

async function setVariable(gitlab: GitLabApi, environment: string, value: string): Promise<void> {
  const { ProjectVariables } = gitlab.client;
  const all = await ProjectVariables.all(PROJECTS.deploy);
  const scope = { environmentScope: environment, masked: true, protected: true, raw: true };
  const filter = { environment_scope: environment };
  if (all.some(({ key, environment_scope }) => key === APP_VARIABLE && environment_scope === environment))
    await ProjectVariables.edit(PROJECTS.deploy, APP_VARIABLE, value, { ...scope, filter });
  else await ProjectVariables.create(PROJECTS.deploy, APP_VARIABLE, value, scope);
}

async function pushApp({ layout, env }: AppProofOptions): Promise<void> {
  const clone = await DeployClone.of(`${layout.gitlab.address}/platform/app.git`, gitlabGit(layout, env));
  try {
    for (const [path, text] of Object.entries(APP_FILES)) clone.write(path, text);
    await clone.push("Deliver the app");
  } finally {
    clone.close();
  }
}

async function untilInCluster(
  flux: FluxState,
  api: KubeApi,
  commit: string,
  password: string,
): Promise<void> {
  const hint = () => flux.explain();
  const limits = { timeoutMs: DELIVERY_MS, hint };
  const yes = (done: boolean) => (done ? true : undefined);
  await until(async () => yes(await flux.hasApplied(commit)), {
    ...limits,
    what: "Flux to apply the chart job's commit, told by GitLab's hook",
  });
  const path = `/api/v1/namespaces/${APP_SECRET.namespace}/secrets/${APP_SECRET.name}`;
  const secret = await api.find<{ data?: Record<string, string> }>(path);
  if (Buffer.from(secret?.data?.[APP_SECRET.key] ?? "", "base64").toString("utf8") !== password)
    throw new SandboxError(
      `Flux applied ${commit.slice(0, 10)}, but the Secret does not hold the variable's value`,
    );
}
