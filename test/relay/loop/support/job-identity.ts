import { randomUUID } from "node:crypto";
import { RIGHTS } from "../../../cli/backends/azure/support/emulated-azure";
import { judges } from "../../../emulators/azure/support/judges";
import type { GitLabProcess } from "./gitlab-process";
import type { RotatedKey } from "./rotated-key";
import { DEPLOY } from "./trigger-project";

/** Of the ID tokens that jobs exchange. */
export const AUDIENCE = "api://AzureADTokenExchange";
const SUBJECT = `project_path:${DEPLOY}:ref_type:branch:ref:main`;

/**
 * Who a job of the deploy project's branch is in Azure, by GitLab's ID tokens: an application with no more rights on the vault's keys than it
 * needs.
 *
 * @returns its client id
 */
export async function jobIdentity(
  job: "rewrap" | "status",
  { azure, vaultId }: RotatedKey,
  { address: issuer, ca }: GitLabProcess,
): Promise<string> {
  azure.core.federation.trust({ issuer, ca });
  const { application, principal } = azure.core.directory.addApplication({ displayName: job });
  application.federated.push({ name: "gitlab", issuer, subject: SUBJECT, audience: AUDIENCE });
  const { roleDefinitions, roleAssignments } = judges(azure).authorization;
  const scope = `/subscriptions/${azure.subscriptionId}`;
  const { id = "" } = await roleDefinitions.createOrUpdate(scope, randomUUID(), {
    roleName: `sops ${job}`,
    roleType: "CustomRole",
    permissions: [{ dataActions: RIGHTS[job].map((right) => `Microsoft.KeyVault/vaults/keys/${right}`) }],
    assignableScopes: [scope],
  });
  await roleAssignments.create(vaultId, randomUUID(), {
    principalId: principal.id,
    principalType: "ServicePrincipal",
    roleDefinitionId: id,
  });
  return application.appId;
}
