import { PROJECTS } from "../servers/gitlab-server";

/** Variable of the deploy project that the app's Secret is made of. */
export const APP_VARIABLE = "APP_PASSWORD";
/** Where it arrives. */
export const APP_SECRET = { namespace: "default", name: "app", key: "password" } as const;

const CI = `# Starts the chart job of the deploy repository by its own job token.
deploy:
  rules:
    - if: $CI_COMMIT_BRANCH == "main"
  script:
    - NODE_EXTRA_CA_CERTS="$CI_SERVER_TLS_CA_FILE" node start-chart-job.mjs
`;

/** In a GitLab with downstream pipelines \`trigger:\` does this; the emulator has none. */
const START = `const { CI_API_V4_URL: api, CI_JOB_TOKEN: token } = process.env;
const answer = await fetch(\`\${api}/projects/${PROJECTS.deploy}/trigger/pipeline\`, {
  method: "POST",
  headers: { "content-type": "application/json" },
  body: JSON.stringify({ token, ref: "main" }),
});
const { id, message } = await answer.json();
if (!answer.ok) throw new Error(\`GitLab refuses (\${answer.status}): \${JSON.stringify(message)}\`);
console.log(\`started pipeline \${id} of project ${PROJECTS.deploy}\`);
`;

const CONFIG_MAP = `apiVersion: v1
kind: ConfigMap
metadata:
  name: {{ .Release.Name }}
  namespace: {{ .Release.Namespace }}
data:
  greeting: {{ .Values.greeting | quote }}
`;

const MAPPING = `secrets:
  - name: ${APP_SECRET.name}
    keys:
      ${APP_SECRET.key}: ${APP_VARIABLE}
`;

/** Files of an application's project: a chart, which variable becomes which Secret, and the pipeline that delivers it. */
export const APP_FILES: Readonly<Record<string, string>> = {
  ".gitlab-ci.yml": CI,
  "start-chart-job.mjs": START,
  "chart/Chart.yaml": "apiVersion: v2\nname: app\nversion: 0.1.0\n",
  "chart/values.yaml": "greeting: hello\n",
  "chart/templates/config.yaml": CONFIG_MAP,
  "chart/secrets.yaml": MAPPING,
};
