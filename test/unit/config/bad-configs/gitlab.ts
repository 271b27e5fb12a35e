import { CERTIFICATE } from "../sample";
import type { BadConfig } from "./bad-config";

const SMALLEST = { address: "https://gitlab.example.com", project: "platform/deploy" };
const APP = { project: "platform/app", environment: "production", into: "apps/app", namespace: "app" };

const gitlab = (changes: object, line: string): BadConfig => [{ gitlab: { ...SMALLEST, ...changes } }, line];
const variable = (name: string, about: object, line: string): BadConfig => [
  { gitlab: SMALLEST, gitlabVariables: { [name]: { environment: "production", ...about } } },
  line,
];

/** `gitlab` and `gitlabVariables`. */
export const GITLAB: readonly BadConfig[] = [
  [
    { "gitlab.project": "platform/deploy" },
    "sopsloop:gitlab.address: is missing; set it to GitLab's URL, such as https://gitlab.example.com",
  ],
  gitlab(
    { address: "https://gitlab.example.com/api/v4" },
    "sopsloop:gitlab.address: is the address of GitLab's API; set it to GitLab's external URL, such as https://gitlab.example.com",
  ),
  gitlab(
    { address: "http://gitlab.example.com" },
    "sopsloop:gitlab.address: is plain http to gitlab.example.com; use https (http is only for a loopback address)",
  ),
  gitlab(
    { address: "https://gitlab.example.com/?x" },
    'sopsloop:gitlab.address: has "?x" at its end; keep only GitLab\'s external URL',
  ),
  gitlab(
    { project: "deploy" },
    'sopsloop:gitlab.project: is "deploy"; set it to a project\'s full path such as platform/deploy',
  ),
  gitlab(
    { edition: "ultimate" },
    'sopsloop:gitlab.edition: is "ultimate"; set it to one of enterprise, community',
  ),
  gitlab(
    { authMount: "kubernetes" },
    "sopsloop:gitlab.authMount: is kubernetes, where Flux logs in (vault.auth.mount); set it to another path such as gitlab",
  ),
  gitlab(
    { tokenTtl: "8h" },
    "sopsloop:gitlab.tokenTtl: is 8h; set it to between 1m and 1h (a token serves one job)",
  ),
  gitlab({ triggers: [] }, "sopsloop:gitlab.triggers: is empty; give at least one name, such as relay"),
  gitlab({ triggers: ["relay", "relay"] }, "sopsloop:gitlab.triggers: has a name twice; remove one"),
  gitlab(
    { triggers: ["a", "b", "c"] },
    "sopsloop:gitlab.triggers: has more than two names; two are live only while a token is rotated",
  ),
  gitlab(
    { triggers: ["Relay"] },
    'sopsloop:gitlab.triggers[0]: is "Relay"; set it to a name of lower-case letters, digits and dashes, such as relay',
  ),
  gitlab(
    { sweep: { cron: "@daily" } },
    'sopsloop:gitlab.sweep.cron: is "@daily"; set it to five fields such as 23 * * * *',
  ),
  gitlab(
    { sweep: { cron: "61 * * * *" } },
    'sopsloop:gitlab.sweep.cron: is "61 * * * *"; set it to five fields such as 23 * * * *',
  ),
  gitlab(
    { sweep: { cron: "0 3 * * *" } },
    'sopsloop:gitlab.sweep.cron: is "0 3 * * *", which pauses for too long; Vault rotates the key by itself (vault.transit.autoRotatePeriod) and tells nobody, so look at least every hour',
  ),
  [
    { gitlab: { ...SMALLEST, sweep: { cron: "0 3 * * 1" } }, "vault.transit.autoRotatePeriod": "0" },
    'sopsloop:gitlab.sweep.cron: is "0 3 * * 1", which pauses for too long; look at least once a day',
  ],
  gitlab(
    { sweep: { timezone: "Berlin" } },
    'sopsloop:gitlab.sweep.timezone: is "Berlin"; set it to an IANA time zone such as Europe/Berlin',
  ),
  gitlab(
    { deployKey: "-----BEGIN OPENSSH PRIVATE KEY-----" },
    "sopsloop:gitlab.deployKey: is a private key; treat it as leaked, make a new one, and give its public half",
  ),
  gitlab(
    { deployKey: "AAAA" },
    'sopsloop:gitlab.deployKey: is "AAAA"; set it to an SSH public key (ssh-ed25519 AAAA…)',
  ),
  gitlab(
    { app: { ...APP, into: "../elsewhere" } },
    'sopsloop:gitlab.app.into: is "../elsewhere"; set it to a path in the repository such as chart/values.yaml',
  ),
  gitlab(
    { app: { ...APP, environment: undefined } },
    "sopsloop:gitlab.app.environment: is missing; set it to a GitLab environment such as production",
  ),
  gitlab(
    { receiver: { url: "flux-hooks.example.com" } },
    'sopsloop:gitlab.receiver.url: is "flux-hooks.example.com"; set it to a URL such as https://flux-hooks.example.com',
  ),
  gitlab(
    { ca: { pem: CERTIFICATE, file: "ca.pem" } },
    "sopsloop:gitlab.ca: has pem and file; give one of pem, file, configMap",
  ),
  [
    { gitlab: SMALLEST, "flux.source.branch": "feature#1" },
    'sopsloop:flux.source.branch: is "feature#1", which pipelines cannot be bound to; use letters, digits, dots, dashes, underscores and slashes only',
  ],
  [
    { gitlabVariables: { DB: { value: "correct-horse", environment: "production" } } },
    "sopsloop:gitlabVariables: is set, but nothing uses it; add sopsloop:gitlab or run pulumi config rm sopsloop:gitlabVariables",
  ],
  variable(
    "DB-PASSWORD",
    { value: "correct-horse" },
    "sopsloop:gitlabVariables.DB-PASSWORD: is not a usable name; use letters, digits and underscores",
  ),
  variable(
    "DB_PASSWORD",
    { value: "" },
    "sopsloop:gitlabVariables.DB_PASSWORD.value: is empty; set it, or remove the variable",
  ),
  variable(
    "DB_PASSWORD",
    { value: "short" },
    "sopsloop:gitlabVariables.DB_PASSWORD.value: cannot be masked by GitLab (at least 8 characters, no blanks, one line); encode it, or set masked to false, for which the policy gitlab-variable-masked has to be disabled (docs/policies.md)",
  ),
  variable(
    "DB_PASSWORD",
    { value: 12345678 },
    "sopsloop:gitlabVariables.DB_PASSWORD.value: is no text; set it with pulumi config set --secret --path",
  ),
  variable(
    "AWS_SECRET_ACCESS_KEY",
    { value: "correct-horse" },
    "sopsloop:gitlabVariables.AWS_SECRET_ACCESS_KEY: is a long-lived credential of the pipeline itself; remove it, jobs log in by their ID token",
  ),
  variable(
    "SOMETHING",
    { value: `glpat-${"x".repeat(20)}` },
    "sopsloop:gitlabVariables.SOMETHING: is a long-lived credential of the pipeline itself; remove it, jobs log in by their ID token",
  ),
];
