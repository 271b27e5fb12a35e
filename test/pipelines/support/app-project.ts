import { DEPLOY, type DeployProject } from "./deploy-project";
import { documentedCiFiles } from "./documented";

/** Number of the app's project. */
export const APP_ID = 102;

/** What the chart job is told of the app. */
export const APP = {
  environment: "production",
  project: "platform/app",
  ref: "main",
  chart: "chart",
  mapping: "chart/secrets.yaml",
  into: "apps/shop",
  namespace: "shop",
} as const;

/** Variables of the deploy project, by name: all of them can be masked. */
export const VALUES = {
  DB_USER: "shop-user-5b1e",
  DB_PASSWORD: "pw-$HOME-9d3c",
  API_KEY: "key-77e0b2",
} as const;

/** The app's repository: a chart, a mapping, files of values, and a pipeline that starts the chart job as docs/pipelines.md has it. */
export const APP_FILES: Readonly<Record<string, string>> = {
  "chart/Chart.yaml": "apiVersion: v2\nname: shop\nversion: 1.2.3\n",
  "chart/values.yaml": "message: default\nreplicas: 1\n",
  "chart/templates/config.yaml": [
    "apiVersion: v1",
    "kind: ConfigMap",
    "metadata: { name: {{ .Release.Name }}, namespace: {{ .Release.Namespace }} }",
    "data:",
    "  message: {{ .Values.message | quote }}",
    "  replicas: {{ .Values.replicas | quote }}",
    "",
  ].join("\n"),
  "chart/secrets.yaml": [
    "secrets:",
    "  - name: database",
    "    keys: { username: DB_USER, password: DB_PASSWORD }",
    "  - name: api",
    "    keys: { key: API_KEY, replica: { variable: REPLICA_URL, optional: true } }",
    "",
  ].join("\n"),
  "production.yaml": "message: from YAML\nreplicas: 2\n",
  "production.dhall": '{ message = "from Dhall" }\n',
  ".gitlab-ci.yml": documentedCiFiles("app: script").join(""),
};

/** A variable of the deploy project, for one environment. */
export interface AppSecret {
  readonly name: string;
  readonly value: string;
  readonly environment: string;
}

/** What the program sets up for an app: its secrets in the deploy project, and the jobs of both projects let in at the other. */
export async function letAppIn(deploy: DeployProject, secrets: readonly AppSecret[]): Promise<void> {
  for (const { name, value, environment } of secrets)
    await deploy.api.ProjectVariables.create(DEPLOY, name, value, {
      environmentScope: environment,
      protected: true,
      masked: true,
      raw: true,
    });
  await deploy.set("POST", `${DEPLOY}/job_token_scope/allowlist`, { target_project_id: APP_ID });
  await deploy.set("POST", `${APP_ID}/job_token_scope/allowlist`, { target_project_id: DEPLOY });
}

/** New files in the app's main branch, in one commit. */
export async function commitToApp(
  deploy: DeployProject,
  files: Readonly<Record<string, string>>,
): Promise<void> {
  const actions = Object.entries(files).map(([filePath, content]) => ({
    action: "create" as const,
    filePath,
    content,
  }));
  await deploy.api.Commits.create(APP_ID, "main", `Add ${Object.keys(files).join(", ")}`, actions);
}
