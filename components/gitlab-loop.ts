import { readFileSync } from "node:fs";
import * as pulumi from "@pulumi/pulumi";
import type { KeyJob } from "./azure/identity-names";
import type { AzureLoop } from "./azure-loop";
import type { Config } from "./config";
import { configPath } from "./config/problems";
import { defaultCron } from "./config/sweep";
import { FluxReceiver } from "./flux/flux-receiver";
import { objectName } from "./flux/object-name";
import { receiverToken } from "./flux/receiver-path";
import { AppAccess } from "./gitlab/app-access";
import { DeployProject } from "./gitlab/deploy-project";
import { existingProject } from "./gitlab/existing-project";
import { PipelineFiles } from "./gitlab/pipeline-files";
import { PipelineSweep } from "./gitlab/pipeline-sweep";
import { ciFileText, VENDORED } from "./gitlab/pipeline-texts";
import { PipelineTriggers } from "./gitlab/pipeline-triggers";
import { ProjectVariables } from "./gitlab/project-variables";
import { ReceiverHook } from "./gitlab/receiver-hook";
import { caCertificate } from "./kubernetes/ca-certificate";
import type { TakeOvers } from "./vault/existing";
import { PipelineLogin, type PipelineRole } from "./vault/pipeline-login";
import { PipelinePolicies } from "./vault/pipeline-policies";
import { policyScope, type SopsPolicies } from "./vault/sops-policies";
import type { TransitKey } from "./vault/transit-key";

/** What the GitLab half takes from the rest of the program. */
export interface GitLabLoopArgs {
  readonly key: TransitKey;
  readonly policies: SopsPolicies;
  /** Text of `.sops.yaml`. */
  readonly sopsConfig: pulumi.Output<string>;
  /** PEM text of the CA that signed Vault's certificate. */
  readonly vaultCa?: pulumi.Output<string> | undefined;
  readonly existing: TakeOvers;
  /** The Azure half, where the jobs log in too. */
  readonly azure?: AzureLoop | undefined;
  readonly providers: Record<"vault" | "kubernetes" | "gitlab", pulumi.ProviderResource>;
  /** What has to be in Vault before anything else. */
  readonly dependsOn?: pulumi.Resource;
  /** Flux's source, which the Receiver points at. */
  readonly delivery: pulumi.Resource;
}

/** Sources of pipelines that each job is for. A merge request's pipeline may only read about the key. */
const SOURCES = {
  rewrap: ["trigger", "schedule"],
  status: ["merge_request_event", "push"],
  chart: ["pipeline", "web"],
} as const;

/** The deploy repository in GitLab: its settings, its pipelines, how their jobs log in to Vault, and how Flux hears of a push. */
export async function gitlabLoop(
  config: Config & { readonly gitlab: NonNullable<Config["gitlab"]> },
  args: GitLabLoopArgs,
) {
  const { gitlab, flux, vault } = config;
  const { providers, existing } = args;
  const { branch } = flux.source;
  const options = { providers };
  const logged = { ...options, ...(args.dependsOn && { dependsOn: args.dependsOn }) };
  const app = gitlab.app;
  const found = await existingProject(gitlab.project, configPath(["gitlab", "project"]), providers.gitlab);
  const appFound =
    app && (await existingProject(app.project, configPath(["gitlab", "app", "project"]), providers.gitlab));

  // Who of GitLab may do what with the key.
  const scope = policyScope(vault.transit);
  const pipelinePolicies = new PipelinePolicies(
    "gitlab",
    { key: args.key, scope, chart: app !== undefined },
    logged,
  );
  const names = { rewrap: `${scope}-rewrap`, status: `${scope}-status`, chart: `${scope}-chart` };
  const roles: PipelineRole[] = [
    { role: names.rewrap, sources: SOURCES.rewrap, branch, policy: pipelinePolicies.rewrap },
    { role: names.status, sources: SOURCES.status, policy: args.policies.status },
    ...(pipelinePolicies.chart
      ? [{ role: names.chart, sources: SOURCES.chart, branch, policy: pipelinePolicies.chart }]
      : []),
  ];
  const caPem = gitlab.ca && caCertificate("gitlab-ca", gitlab.ca, { provider: providers.kubernetes });
  const login = new PipelineLogin(
    "gitlab",
    {
      mount: gitlab.authMount,
      issuer: gitlab.address,
      caPem,
      projectId: found.id,
      audience: vault.address,
      tokenTtl: gitlab.tokenTtl,
      roles,
      existing,
    },
    logged,
  );

  // The project, and what stands in it.
  const { edition, developersMayMerge, deployKey } = gitlab;
  const deploy = new DeployProject(
    "gitlab",
    { existing: found, branch, edition, developersMayMerge, deployKey },
    options,
  );
  const project = deploy.projectId;
  const variables = new ProjectVariables(
    "gitlab",
    { project, vaultCaPem: args.vaultCa, secrets: config.gitlabVariables ?? {} },
    options,
  );
  if (appFound) new AppAccess("gitlab-app", { deploy: project, app: appFound.id }, options);
  const jobs: KeyJob[] = ["rewrap", "status", ...(app ? ["chart" as const] : [])];
  const inAzure = args.azure?.jobs({ project: found.path, branch }, gitlab.address, jobs);
  const ciFile = pulumi.output(inAzure?.login).apply((azure) =>
    ciFileText({
      login: {
        address: vault.address,
        namespace: vault.namespace,
        mount: gitlab.authMount,
        roles: { ...names, chart: app ? names.chart : undefined },
      },
      azure,
      branch,
      image: gitlab.image,
      runnerTags: gitlab.runnerTags,
      app,
    }),
  );
  const files = new PipelineFiles(
    "gitlab",
    {
      project,
      branch,
      files: [
        [".sops.yaml", args.sopsConfig],
        ...jobs.map((job) => [`${VENDORED}/${job}.yml`, pipelineText(job)] as const),
        [gitlab.ciFile, ciFile],
      ],
    },
    // A pipeline that is started before its jobs may log in fails for nothing.
    { ...options, dependsOn: [deploy, login, variables] },
  );

  // What starts them, and what they set off.
  const triggers = new PipelineTriggers("gitlab", { project, names: gitlab.triggers }, options);
  const cron = gitlab.sweep.cron ?? defaultCron(vault.transit.autoRotatePeriod);
  const sweep = new PipelineSweep(
    "gitlab",
    { project, branch, cron, timezone: gitlab.sweep.timezone },
    { ...options, dependsOn: files },
  );
  if (gitlab.receiver) {
    const [first = ""] = gitlab.triggers;
    const token = pulumi.secret(triggers.tokens.apply((tokens) => receiverToken(tokens[first] ?? "")));
    const { namespace, source } = flux;
    const receiver = new FluxReceiver(
      "flux",
      { namespace, source: source.name, objects: objectName(flux), token },
      { ...options, dependsOn: args.delivery },
    );
    new ReceiverHook(
      "gitlab",
      { project, branch, url: gitlab.receiver.url, path: receiver.path, token },
      // Our own commits of a moment ago are no news.
      { ...options, dependsOn: [receiver, files] },
    );
  }

  return {
    policyTexts: pipelinePolicies.texts,
    roles: login.roles,
    caPem,
    variables: variables.names,
    /** What starts a pipeline that rewraps; tokens by their names. */
    starts: { tokens: gitlab.triggers, sweep: { cron, timezone: gitlab.sweep.timezone } },
    /** Who the jobs are in Azure. */
    identities: inAzure?.records,
    outputs: {
      address: gitlab.address,
      project: gitlab.project,
      projectId: project,
      authPath: gitlab.authMount,
      roles: { rewrap: names.rewrap, status: names.status, ...(app && { chart: names.chart }) },
      sweepId: sweep.scheduleId,
      triggerTokens: triggers.tokens,
    },
  };
}

/** Relative to the project folder, where the engine runs the program. */
function pipelineText(job: string): string {
  return readFileSync(`pipelines/${job}.yml`, "utf8");
}
