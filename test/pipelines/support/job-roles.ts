import { readFileSync } from "node:fs";
import { keyGrants, policyText } from "../../../components/vault/policy-text";
import { KEY, MOUNT, type SopsVault } from "../../cli/rewrap/support/sops-vault";
import type { TestGitLab } from "../../emulators/gitlab/support/test-gitlab";

/** By whom a pipeline may have been started, and whether it is for main alone: as the program has it. */
const ROLES = {
  rewrap: { sources: ["trigger", "schedule"], mainOnly: true },
  status: { sources: ["merge_request_event", "push"], mainOnly: false },
  chart: { sources: ["pipeline", "web"], mainOnly: true },
} as const;

export type JobName = keyof typeof ROLES;
export const JOBS = Object.keys(ROLES) as JobName[];

/** Name of a job's role in Vault. */
export function roleOf(job: JobName): string {
  return `${KEY}-${job}`;
}

/** Vault's side: the jwt auth method, for which it fetches GitLab's keys, and a role with a policy of its own for each job. */
export async function trustGitLab({ api, address }: SopsVault, server: TestGitLab, projectId: number) {
  await api.write("sys/auth/gitlab", { type: "jwt" });
  await api.write("auth/gitlab/config", {
    oidc_discovery_url: server.address,
    oidc_discovery_ca_pem: readFileSync(server.ca, "utf8"),
    bound_issuer: server.address,
  });
  const grants = keyGrants(MOUNT, KEY);
  for (const job of JOBS) {
    const { sources, mainOnly } = ROLES[job];
    await api.write(`sys/policies/acl/${roleOf(job)}`, { policy: policyText(grants[job]) });
    await api.write(`auth/gitlab/role/${roleOf(job)}`, {
      role_type: "jwt",
      user_claim: "project_id",
      bound_audiences: [address],
      bound_claims: {
        project_id: String(projectId),
        ref_type: "branch",
        pipeline_source: sources,
        ...(mainOnly && { ref: "main", ref_protected: "true" }),
      },
      token_type: "batch",
      token_ttl: 300,
      token_no_default_policy: true,
      token_policies: [roleOf(job)],
    });
  }
}
