import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { run } from "../../../sandbox/processes/run";
import { Pipelines } from "../../../sandbox/proof/pipelines";
import { PLAIN_GIT } from "../../../sandbox/servers/environment";
import type { GitLabApi } from "../../../sandbox/servers/gitlab-api";
import type { Loop } from "./loop";

/** Asks for an ID token that Vault is meant to take, and tries it on a role, as whoever may write a CI file can. */
const TRY = `
const [role] = process.argv.slice(2);
const { VAULT_ID_TOKEN: jwt, VAULT_ADDRESS: address } = process.env;
const answer = await fetch(\`\${address}/v1/auth/gitlab/login\`, { method: "POST", body: JSON.stringify({ role, jwt }) });
const { errors = [] } = await answer.json();
console.log(\`\${role}: \${answer.status} \${errors.join(" ").replaceAll("\\n", " ")}\`);
`;

/** A job of somebody's own making. */
interface Attempt {
  /** Full path, such as `platform/app`. */
  readonly project: string;
  /** The project's number. */
  readonly id: number;
  readonly branch: string;
  /** Vault's roles to try. */
  readonly roles: readonly string[];
  /** Starts the pipeline and resolves with its number; absent: the push itself does. */
  readonly start?: () => Promise<number>;
}

/** Pushes a job to a branch, and reads from its trace what Vault answered to it. */
export class TokenCatcher {
  constructor(
    private readonly loop: Loop,
    private readonly gitlab: GitLabApi,
  ) {}

  /** Vault's status and reason by role. */
  async answers(attempt: Attempt): Promise<Readonly<Record<string, string>>> {
    const pipelines = new Pipelines(this.gitlab, attempt.id);
    const last = await pipelines.newest("push");
    await this.push(attempt);
    const pipeline = attempt.start ? await attempt.start() : await pipelines.after(last, "push");
    await pipelines.success(pipeline);
    const [job] = await this.gitlab.client.Jobs.all(attempt.id, { pipelineId: pipeline });
    const trace = job ? await this.gitlab.client.Jobs.showLog(attempt.id, job.id) : "";
    return Object.fromEntries(
      attempt.roles.map((role) => [
        role,
        new RegExp(`^.*${role}: (\\d+ .*)$`, "m").exec(trace)?.[1]?.trim() ?? `no answer:\n${trace}`,
      ]),
    );
  }

  private async push({ project, branch, roles, start }: Attempt): Promise<void> {
    const { layout } = this.loop;
    const folder = mkdtempSync(join(tmpdir(), "sopsloop-catcher-"));
    const env = { ...this.loop.gitEnv(), ...PLAIN_GIT };
    const git = (...words: string[]) => run("git", words, { cwd: folder, env });
    try {
      writeFileSync(join(folder, "try.mjs"), TRY);
      copyFileSync(layout.vault.ca, join(folder, "vault-ca.pem"));
      writeFileSync(join(folder, ".gitlab-ci.yml"), ciFile(layout.vault.address, roles));
      await git("init", "--quiet", `--initial-branch=${branch}`);
      await git("add", "--all");
      await git("commit", "--quiet", `--message=Try it${start ? " [skip ci]" : ""}`);
      await git("push", "--quiet", "--force", `${layout.gitlab.address}/${project}.git`, `HEAD:${branch}`);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }
}

function ciFile(vault: string, roles: readonly string[]): string {
  const tries = roles.map((role) => `    - NODE_EXTRA_CA_CERTS=vault-ca.pem node try.mjs ${role}`);
  return `try:
  id_tokens:
    VAULT_ID_TOKEN:
      aud: ${vault}
  variables:
    VAULT_ADDRESS: ${vault}
  script:
${tries.join("\n")}
`;
}
