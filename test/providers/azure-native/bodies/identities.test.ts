import { describeBodies, KEY_ID } from "../support/describe-bodies";
import { GROUP, SUBSCRIPTION } from "../support/recorded-azure";

const ROLE = "12338af0-0e69-4776-bea7-57ae8d297424";

describeBodies([
  {
    token: "managedidentity:FederatedIdentityCredential",
    inputs: {
      resourceGroupName: "rg",
      resourceName: "flux",
      federatedIdentityCredentialResourceName: "cluster",
      issuer: "https://issuer",
      subject: "system:serviceaccount:flux-system:kustomize-controller",
      audiences: ["api://AzureADTokenExchange"],
    },
    id: "Microsoft.ManagedIdentity/userAssignedIdentities/flux/federatedIdentityCredentials/cluster",
    sent: {
      properties: {
        issuer: "https://issuer",
        subject: "system:serviceaccount:flux-system:kustomize-controller",
        audiences: ["api://AzureADTokenExchange"],
      },
    },
    answered: { name: "cluster", properties: { issuer: "https://issuer" } },
    outputs: { name: "cluster", issuer: "https://issuer" },
  },
  {
    token: "authorization:RoleDefinition",
    inputs: {
      scope: GROUP,
      roleDefinitionId: ROLE,
      roleName: "sops decrypt",
      roleType: "CustomRole",
      assignableScopes: [GROUP],
      permissions: [{ actions: [], dataActions: ["Microsoft.KeyVault/vaults/keys/decrypt/action"] }],
    },
    id: `Microsoft.Authorization/roleDefinitions/${ROLE}`,
    sent: {
      properties: {
        roleName: "sops decrypt",
        type: "CustomRole",
        assignableScopes: [GROUP],
        permissions: [{ actions: [], dataActions: ["Microsoft.KeyVault/vaults/keys/decrypt/action"] }],
      },
    },
    answered: {
      name: ROLE,
      type: "Microsoft.Authorization/roleDefinitions",
      properties: { type: "CustomRole" },
    },
    outputs: { name: ROLE, type: "Microsoft.Authorization/roleDefinitions", roleType: "CustomRole" },
  },
  {
    token: "authorization:RoleAssignment",
    inputs: {
      scope: KEY_ID,
      roleAssignmentName: ROLE,
      principalId: "p",
      principalType: "ServicePrincipal",
      roleDefinitionId: `/subscriptions/${SUBSCRIPTION}/providers/Microsoft.Authorization/roleDefinitions/${ROLE}`,
    },
    id: `${KEY_ID}/providers/Microsoft.Authorization/roleAssignments/${ROLE}`,
    sent: {
      properties: {
        principalId: "p",
        principalType: "ServicePrincipal",
        roleDefinitionId: `/subscriptions/${SUBSCRIPTION}/providers/Microsoft.Authorization/roleDefinitions/${ROLE}`,
      },
    },
    answered: { name: ROLE, properties: { scope: KEY_ID, principalId: "p", createdBy: "me" } },
    outputs: { name: ROLE, scope: KEY_ID, principalId: "p", createdBy: "me" },
  },
]);
