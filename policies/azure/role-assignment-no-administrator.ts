import { builtInRole, ROLE_ASSIGNMENT } from "../reading/azure";
import { psrule, trivy } from "../references";
import { resourceRule } from "../rule";

const MIGHTY = [
  "Owner",
  "Contributor",
  "User Access Administrator",
  "Role Based Access Control Administrator",
  "Key Vault Administrator",
  "Key Vault Contributor",
  "Key Vault Crypto Officer",
];

export const rule = resourceRule({
  name: "azure-role-assignment-no-administrator",
  title: "Nobody in the loop administers what it uses",
  why: "Who administers the vault gives themselves every key, and takes the log away. The loop needs to encrypt, decrypt and read.",
  remedy: "Assign a role of your own with the data actions that are needed.",
  severity: "critical",
  references: [trivy("AZU-0052"), psrule("AZR-000203"), psrule("AZR-000208")],
  types: [ROLE_ASSIGNMENT],
  *check(assignment) {
    const role = builtInRole(assignment.text("roleDefinitionId") ?? "");
    if (role !== undefined && MIGHTY.includes(role))
      yield `makes its principal ${role}; assign a role with the data actions that are needed`;
  },
});
