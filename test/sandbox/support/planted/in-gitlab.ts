import { readFileSync } from "node:fs";
import type { LiveLoop } from "../live-loop";
import type { Planted } from "./planted";

const PROJECT = "platform/deploy";
const BRANCH = `${PROJECT}, branch main`;
const PUBLIC_KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJlKN3AiOBcUoWkZ0mE7y5yYQ8Wm5mXo3fFQ2vS0v1aB planted";

let made = 0;
/** What GitLab gives a number, made and deleted. */
const item = (path: string, body: object): Pick<Planted, "plant" | "heal"> => ({
  plant: async (loop) => {
    made = (await loop.gitlab<{ id: number }>("POST", path, body)).id;
  },
  heal: (loop) => loop.gitlab("DELETE", `${path}/${made}`),
});

const settings = (change: object, back: object): Pick<Planted, "plant" | "heal"> => ({
  plant: (loop) => loop.gitlab("PUT", "", change),
  heal: (loop) => loop.gitlab("PUT", "", back),
});

const variable = (key: string, value = "of no use to anybody"): Pick<Planted, "plant" | "heal"> => ({
  plant: (loop) => loop.gitlab("POST", "/variables", { key, value }),
  heal: (loop) => loop.gitlab("DELETE", `/variables/${key}`),
});

const own = (change: object, back: object): Pick<Planted, "plant" | "heal"> => ({
  plant: (loop) => loop.gitlab("PUT", "/variables/SHOP_KEY", change),
  heal: (loop) => loop.gitlab("PUT", "/variables/SHOP_KEY", back),
});

const protect = (loop: LiveLoop, rule: object) =>
  loop.gitlab("POST", "/protected_branches", {
    name: "main",
    push_access_level: 40,
    merge_access_level: 40,
    ...rule,
  });
const unprotect = (loop: LiveLoop) => loop.gitlab("DELETE", "/protected_branches/main");

const rule = (change: object): Pick<Planted, "plant" | "heal"> => ({
  plant: async (loop) => {
    await unprotect(loop);
    await protect(loop, change);
  },
  heal: async (loop) => {
    await unprotect(loop);
    await protect(loop, {});
  },
});

const sweep = async (loop: LiveLoop, change: object) => {
  const { gitlab } = loop.outputs as { gitlab: { sweepId: number } };
  await loop.gitlab("PUT", `/pipeline_schedules/${gitlab.sweepId}`, change);
};

const admin = (loop: LiveLoop) => readFileSync(loop.it.loop.layout.gitlab.adminToken, "utf8").trim();

/** The deploy project. */
export const IN_GITLAB: readonly Planted[] = [
  {
    id: "gitlab-branch-unprotected",
    how: "the branch is no longer protected",
    where: BRANCH,
    what: /no rule protects it/,
    plant: unprotect,
    heal: (loop) => protect(loop, {}),
  },
  {
    id: "gitlab-branch-force-push",
    how: "the branch may be rewritten",
    where: BRANCH,
    what: /the rule main allows it/,
    ...rule({ allow_force_push: true }),
  },
  {
    id: "gitlab-branch-pushers",
    how: "developers push past reviews",
    where: BRANCH,
    what: /Developers.* may push/,
    ...rule({ push_access_level: 30 }),
  },
  {
    id: "gitlab-pipeline-variables",
    how: "developers set variables of pipelines",
    where: PROJECT,
    what: /developers and above may set variables/,
    ...settings(
      { ci_pipeline_variables_minimum_override_role: "developer" },
      { ci_pipeline_variables_minimum_override_role: "no_one_allowed" },
    ),
  },
  {
    id: "gitlab-jobs-public",
    how: "logs of jobs are public",
    where: PROJECT,
    what: /public_jobs is on/,
    ...settings({ public_jobs: true }, { public_jobs: false }),
  },
  {
    id: "gitlab-token-subject",
    how: "ID tokens leave the branch out of their subject",
    where: PROJECT,
    what: /made of project_path$/,
    ...settings(
      { ci_id_token_sub_claim_components: ["project_path"] },
      { ci_id_token_sub_claim_components: ["project_path", "ref_type", "ref"] },
    ),
  },
  {
    id: "gitlab-trigger-undeclared",
    how: "a trigger token of somebody's own",
    where: /^platform\/deploy, trigger \d+$/,
    what: /"my trigger"/,
    ...item("/triggers", { description: "my trigger" }),
  },
  {
    id: "gitlab-trigger-owner",
    how: "a trigger token that acts as somebody else",
    where: /^platform\/deploy, trigger \d+$/,
    what: /it is \S+'s, not sopsloop-bot's/,
    plant: async (loop) => {
      const body = { description: "sopsloop: relay2" };
      made = (await loop.gitlab<{ id: number }>("POST", "/triggers", body, admin(loop))).id;
    },
    heal: (loop) => loop.gitlab("DELETE", `/triggers/${made}`),
  },
  {
    id: "gitlab-sweep-off",
    how: "the sweep is switched off",
    where: PROJECT,
    what: /inactive/,
    plant: (loop) => sweep(loop, { active: false }),
    heal: (loop) => sweep(loop, { active: true }),
  },
  {
    id: "gitlab-schedule-undeclared",
    how: "a schedule of somebody's own",
    where: /^platform\/deploy, schedule \d+$/,
    what: /"nightly" of sopsloop-bot/,
    ...item("/pipeline_schedules", { description: "nightly", ref: "refs/heads/main", cron: "0 3 1 1 *" }),
  },
  {
    id: "gitlab-variable-unprotected",
    how: "a secret goes to jobs of every branch",
    where: `${PROJECT}, variable SHOP_KEY (sandbox)`,
    what: /not protected/,
    ...own({ protected: false }, { protected: true }),
  },
  {
    id: "gitlab-variable-unmasked",
    how: "a secret is shown in logs",
    where: `${PROJECT}, variable SHOP_KEY (sandbox)`,
    what: /not masked/,
    ...own({ masked: false }, { masked: true }),
  },
  {
    id: "gitlab-variable-undeclared",
    how: "a variable that nobody declared",
    where: `${PROJECT}, variable OLD_PASSWORD (*)`,
    what: /did not set it/,
    ...variable("OLD_PASSWORD"),
  },
  {
    id: "gitlab-variable-steers",
    how: "jobs are sent to another Vault",
    where: `${PROJECT}, variable VAULT_ADDR (*)`,
    what: /did not set it/,
    ...variable("VAULT_ADDR", "https://vault.example.com"),
  },
  {
    id: "gitlab-hook-unverified",
    how: "a webhook looks at no certificate",
    where: /^platform\/deploy, webhook \d+$/,
    what: /https:\/\/chat\.example\.com/,
    also: ["gitlab-hook-undeclared"],
    ...item("/hooks", { url: "https://chat.example.com/in", enable_ssl_verification: false }),
  },
  {
    id: "gitlab-hook-undeclared",
    how: "a webhook tells somebody else",
    where: /^platform\/deploy, webhook \d+$/,
    what: /it goes to chat\.example\.com/,
    ...item("/hooks", { url: "https://chat.example.com/in" }),
  },
  {
    id: "gitlab-job-tokens-open",
    how: "jobs of every project are let in",
    where: PROJECT,
    what: /every project/,
    plant: (loop) => loop.gitlab("PATCH", "/job_token_scope", { enabled: false }),
    heal: (loop) => loop.gitlab("PATCH", "/job_token_scope", { enabled: true }),
  },
  {
    id: "gitlab-job-tokens-others",
    how: "jobs of another project are let in",
    where: PROJECT,
    what: /platform\/app, platform\/sopsloop; one project is declared/,
    plant: (loop) => loop.gitlab("POST", "/job_token_scope/allowlist", { target_project_id: 103 }),
    heal: (loop) => loop.gitlab("DELETE", "/job_token_scope/allowlist/103"),
  },
  {
    id: "gitlab-deploy-key-writes",
    how: "a deploy key pushes",
    where: /^platform\/deploy, deploy key \d+$/,
    what: /"old server" may push/,
    ...item("/deploy_keys", { title: "old server", key: PUBLIC_KEY, can_push: true }),
  },
];
