import { join } from "node:path";
import type { Kind } from "./kind";
import { LIVE_KINDS, VAULT_LOG_KINDS } from "./kinds";

/** From the project folder. */
export const FINDINGS_FILE = join("docs", "audit-findings.md");

const INTRODUCTION = `# What \`sopsloop audit\` finds in the live systems

<!-- Written by cli/audit/kinds/generate-docs.ts from the kinds of findings: change those, not this file. -->

\`--live\` reads Vault, the cluster, GitLab and Azure with the caller's own credentials and holds them against the stack's outputs, and the deploy
project also against its state (\`--stack\` or \`--export\`; what only that tells is skipped with \`--outputs\`). It changes nothing. What differs
from what is declared is found, and so is whoever comes to the key by a way that the program has not made. What may not be looked at is told
as skipped, and never as fine. \`--vault-log\` reads the files of Vault's file audit device besides.

A finding says more than this page: which role, whose account, and the exact command where there is one. Rules about the program itself,
before anything is deployed, are [policies](policies.md).

- **critical**: a stranger may decrypt.
- **high**: he could soon, or nobody would see it.
- **medium**: one more mistake is needed, or files will not be moved to new key versions.
- **low**: untidy.

What each part needs:

| part | credentials | rights |
| --- | --- | --- |
| Vault | \`VAULT_TOKEN\` | read and list on \`sys/auth\`, \`sys/mounts\`, \`sys/audit\` (sudo), \`sys/policies/acl/*\`, \`auth/*\`, \`identity/*\`, the key; update on \`auth/token/lookup-accessor\`, list on \`auth/token/accessors\` (sudo) |
| cluster | kubectl's own | get and list on roles, bindings, Flux's objects, deployments, ConfigMaps and network policies; list on Secrets, of which only names are kept |
| GitLab | \`GITLAB_TOKEN\`, and \`GITLAB_URL\` that says which GitLab it is for | scope \`read_api\`, role Maintainer of the deploy project |
| Azure | \`az login\`, or \`AZURE_…\` as for sops | Reader of the resource group; to see keys' operations, Reader is enough |
`;

const SECTIONS: readonly (readonly [title: string, ids: RegExp])[] = [
  ["Vault: the key, and the record of its use", /^vault-(audit|mount|key)-/],
  ["Vault: who may do what", /^vault-(policy|role|login|identity|token|job|auth)-/],
  ["Vault's audit log", /^vault-log-/],
  ["The cluster", /^kubernetes-/],
  ["Flux", /^flux-/],
  ["GitLab", /^gitlab-/],
  ["Azure", /^azure-/],
];

/** The text of docs/audit-findings.md. */
export function findingsDocs(): string {
  const kinds = Object.entries<Kind>({ ...LIVE_KINDS, ...VAULT_LOG_KINDS });
  const sections = SECTIONS.map(([title, ids]) => {
    const rows = kinds
      .filter(([id]) => ids.test(id))
      .map(
        ([id, { severity, means, mend }]) => `| \`${id}\` | ${severity} | ${cell(means)} | ${cell(mend)} |`,
      );
    return [
      `## ${title}`,
      "",
      "| id | severity | what it means | what mends it |",
      "| --- | --- | --- | --- |",
      ...rows,
    ].join("\n");
  });
  return `${INTRODUCTION}\n${kinds.length} findings.\n\n${sections.join("\n\n")}\n`;
}

function cell(text: string): string {
  return text.replaceAll("|", "\\|");
}
