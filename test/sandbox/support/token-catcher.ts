import { readFileSync } from "node:fs";
import type { GitLabApi } from "../../../sandbox/servers/gitlab-api";
import type { Loop } from "./loop";
import { type SomebodysJob, traceOf } from "./somebodys-job";

/** Asks for an ID token that Vault is meant to take, and tries it on a role, as whoever may write a CI file can. */
const TRY = `
const [role] = process.argv.slice(2);
const { VAULT_ID_TOKEN: jwt, VAULT_ADDRESS: address } = process.env;
const answer = await fetch(\`\${address}/v1/auth/gitlab/login\`, { method: "POST", body: JSON.stringify({ role, jwt }) });
const { errors = [] } = await answer.json();
console.log(\`\${role}: \${answer.status} \${errors.join(" ").replaceAll("\\n", " ")}\`);
`;

interface Attempt extends Omit<SomebodysJob, "files"> {
  /** Vault's roles to try. */
  readonly roles: readonly string[];
}

/** Pushes a job to a branch, and reads from its trace what Vault answered to it. */
export class TokenCatcher {
  constructor(
    private readonly loop: Loop,
    private readonly gitlab: GitLabApi,
  ) {}

  /** Vault's status and reason by role. */
  async answers({ roles, ...job }: Attempt): Promise<Readonly<Record<string, string>>> {
    const { vault } = this.loop.layout;
    const files = {
      "try.mjs": TRY,
      "vault-ca.pem": readFileSync(vault.ca, "utf8"),
      ".gitlab-ci.yml": ciFile(vault.address, roles),
    };
    const trace = await traceOf({ ...job, files }, this.loop, this.gitlab);
    return Object.fromEntries(
      roles.map((role) => [
        role,
        new RegExp(`^.*${role}: (\\d+ .*)$`, "m").exec(trace)?.[1]?.trim() ?? `no answer:\n${trace}`,
      ]),
    );
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
