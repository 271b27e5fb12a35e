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

let committed = "";
/** A change of a file that the program has written; without one it is taken away. */
const edited = (path: string, change?: (text: string) => string): Pick<Planted, "plant" | "heal"> => ({
  plant: async (loop) => {
    committed = await loop.file(path);
    await loop.commit(path, change?.(committed));
  },
  heal: (loop) => loop.commit(path, committed),
});

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
    id: "gitlab-branch-mergers",
    how: "developers merge without a maintainer",
    where: BRANCH,
    what: /Developers.* may merge/,
    ...rule({ merge_access_level: 30 }),
  },
  {
    id: "gitlab-branch-unprotectors",
    how: "developers may take the protection away",
    where: BRANCH,
    what: /Developers.* may unprotect it/,
    ...rule({ allowed_to_unprotect: [{ access_level: 30 }] }),
  },
  {
    id: "gitlab-recipient-added",
    how: "a recipient is smuggled into .sops.yaml",
    where: `${PROJECT}, .sops.yaml of main`,
    what: /it names age age1mallory, which is not declared/,
    ...edited(".sops.yaml", (text) => `${text.trimEnd()}\n    age: age1mallory\n`),
  },
  {
    id: "gitlab-file-changed",
    how: "less is encrypted",
    where: `${PROJECT}, .sops.yaml of main`,
    what: /encrypted_regex is \^nothing\$/,
    ...edited(".sops.yaml", (text) => text.replace(/encrypted_regex: .*/, "encrypted_regex: ^nothing$")),
  },
  {
    id: "gitlab-file-changed",
    how: "the CI file has a job of somebody's own",
    where: `${PROJECT}, .gitlab-ci.yml of main`,
    what: /it is another from line \d+ on/,
    ...edited(".gitlab-ci.yml", (text) => `${text}mine:\n  script: env\n`),
  },
  {
    id: "gitlab-file-changed",
    how: "a pipeline is gone",
    where: `${PROJECT}, .gitlab/sopsloop/rewrap.yml of main`,
    what: /it is not there/,
    ...edited(".gitlab/sopsloop/rewrap.yml"),
  },
  {
    id: "gitlab-ci-file",
    how: "jobs come from another file",
    where: PROJECT,
    what: /it is mallory\.yml, declared is GitLab's own/,
    ...settings({ ci_config_path: "mallory.yml" }, { ci_config_path: "" }),
  },
  {
    id: "gitlab-project-shown",
    how: "the project is public",
    where: PROJECT,
    what: /it is public/,
    ...settings({ visibility: "public" }, { visibility: "private" }),
  },
  {
    id: "gitlab-project-forks",
    how: "the project can be forked",
    where: PROJECT,
    what: /forking_access_level is enabled/,
    ...settings({ forking_access_level: "enabled" }, { forking_access_level: "disabled" }),
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
    what: /^let in are platform\/sopsloop$/,
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
