import { stringify } from "yaml";

/** What a job of the deploy repository is told of Vault. */
export interface JobLogin {
  /** Vault's normalised address, which is the ID token's audience too. */
  readonly address: string;
  /** Vault's namespace that the auth method is in; absent for the root. */
  readonly namespace?: string | undefined;
  /** Mount of the jwt auth method. */
  readonly mount: string;
  /** Role of each job. */
  readonly roles: { readonly rewrap: string; readonly status: string; readonly chart?: string | undefined };
}

/** What a job is told of Azure. */
export interface AzureLogin {
  readonly tenantId: string;
  /** Of the ID token that the job exchanges. */
  readonly audience: string;
  /** Client id of each job's identity. */
  readonly clientIds: Readonly<Record<string, string>>;
}

/** What the chart job is told. */
export interface ChartJob {
  readonly environment: string;
  readonly project: string;
  readonly ref: string;
  readonly chart: string;
  readonly mapping: string;
  readonly into: string;
  readonly namespace: string;
}

export interface CiFileArgs {
  readonly login: JobLogin;
  /** Absent without keys in Azure. */
  readonly azure?: AzureLogin | undefined;
  readonly branch: string;
  readonly image?: string | undefined;
  readonly runnerTags: readonly string[];
  readonly app?: ChartJob | undefined;
}

/** Folder of the deploy repository that the pipelines' own texts lie in. */
export const VENDORED = ".gitlab/sopsloop";

const HEAD = "# Written by sopsloop from the stack's config: change that, not this file.\n";

/** The text of the deploy repository's CI file: which jobs there are, with the stack's own values. */
export function ciFileText(args: CiFileArgs): string {
  const { login, branch, app } = args;
  const shared = {
    "vault-address": login.address,
    ...(login.namespace !== undefined && { "vault-namespace": login.namespace }),
    "vault-auth-path": login.mount,
    "vault-audience": login.address,
    branch,
    ...(args.image !== undefined && { image: args.image }),
  };
  const include = (job: string, role: string, inputs: object = {}) => ({
    local: `${VENDORED}/${job}.yml`,
    inputs: { ...shared, "vault-role": role, ...azureInputs(args.azure, job), ...inputs },
  });
  const jobs = {
    workflow: {
      // By it the relay knows again what it has started. Nothing but blanks, as for other pipelines, is no name to GitLab.
      name: ROTATED,
      rules: [
        { if: '$CI_PIPELINE_SOURCE == "merge_request_event"' },
        { if: `$CI_COMMIT_BRANCH == "${branch}"` },
      ],
    },
    stages: ["test", "deploy"],
    // No input of the pipelines: GitLab's schema refuses an empty list there.
    ...(args.runnerTags.length > 0 && { default: { tags: [...args.runnerTags] } }),
    include: [
      include("status", login.roles.status),
      include("rewrap", login.roles.rewrap, { rotated: ROTATED }),
      ...(app && login.roles.chart !== undefined
        ? [include("chart", login.roles.chart, chartInputs(app))]
        : []),
    ],
  };
  const inputs = { ...rotationInputs(), ...(app && callInputs(app)) };
  return `${HEAD}${yamlOf({ spec: { inputs } })}---\n${yamlOf(jobs)}`;
}

/** Without anchors, which people who read a CI file should not have to follow. */
function yamlOf(value: object): string {
  return stringify(value, { lineWidth: 0, aliasDuplicateObjects: false });
}

/** The rotation that has set a pipeline off: its name, which the relay looks for, and what the rewrap job shows. */
const ROTATED = "$[[ inputs.backend ]] $[[ inputs.key ]] $[[ inputs.version ]]";

/** What the relay tells of the key version that made it start the pipeline. It is shown and decides nothing: events may be late. */
function rotationInputs() {
  const told = (description: string, regex: string) => ({ description, default: "", regex });
  return {
    backend: told("Kind of the key that was rotated, as sops calls it.", "^[a-z_]{0,32}$"),
    key: told("The key that was rotated.", "^[\\w./:-]{0,256}$"),
    version: told("Its new version.", "^\\w{0,64}$"),
  };
}

/** All that whoever starts the chart job may say. */
function callInputs({ ref }: ChartJob) {
  return {
    "app-ref": {
      description: "Branch or tag of the app that the chart job takes.",
      default: ref,
      regex: "^[\\w.-]+(/[\\w.-]+)*$",
    },
  };
}

function azureInputs(azure: AzureLogin | undefined, job: string) {
  const clientId = azure?.clientIds[job];
  if (!azure || clientId === undefined) return {};
  return {
    "azure-tenant-id": azure.tenantId,
    "azure-client-id": clientId,
    "azure-audience": azure.audience,
  };
}

function chartInputs({ environment, project, chart, mapping, into, namespace }: ChartJob) {
  return {
    ...{ environment, chart, mapping, into, namespace },
    "app-project": project,
    "app-ref": "$[[ inputs.app-ref ]]",
  };
}
