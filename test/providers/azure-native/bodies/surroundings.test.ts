import { describeBodies, KEY_ID } from "../support/describe-bodies";
import { GROUP } from "../support/recorded-azure";

/** What stands around a vault: its resource group, its log, and the way to it. */
describeBodies([
  {
    token: "resources:ResourceGroup",
    inputs: { resourceGroupName: "rg", location: "westeurope", tags: { env: "dev" } },
    id: GROUP,
    sent: { location: "westeurope", tags: { env: "dev" } },
    answered: { name: "rg", properties: { provisioningState: "Succeeded" } },
    outputs: { name: "rg", location: "westeurope", properties: { provisioningState: "Succeeded" } },
  },
  {
    token: "monitor:DiagnosticSetting",
    inputs: {
      resourceUri: KEY_ID,
      name: "audit",
      workspaceId: "/w",
      logs: [{ category: "AuditEvent", enabled: true }],
    },
    id: `${KEY_ID}/providers/Microsoft.Insights/diagnosticSettings/audit`,
    sent: { properties: { workspaceId: "/w", logs: [{ category: "AuditEvent", enabled: true }] } },
    answered: { name: "audit", properties: { workspaceId: "/w" } },
    outputs: { name: "audit", workspaceId: "/w" },
  },
  {
    token: "network:PrivateEndpoint",
    inputs: {
      resourceGroupName: "rg",
      privateEndpointName: "kv-sops",
      location: "westeurope",
      subnet: { id: "/subnet" },
      privateLinkServiceConnections: [{ name: "kv", privateLinkServiceId: "/kv", groupIds: ["vault"] }],
    },
    id: "Microsoft.Network/privateEndpoints/kv-sops",
    sent: {
      location: "westeurope",
      properties: {
        subnet: { id: "/subnet" },
        privateLinkServiceConnections: [
          { name: "kv", properties: { privateLinkServiceId: "/kv", groupIds: ["vault"] } },
        ],
      },
    },
    answered: { properties: { subnet: { id: "/subnet" }, networkInterfaces: [{ id: "/nic" }] } },
    outputs: { subnet: { id: "/subnet" }, networkInterfaces: [{ id: "/nic" }] },
  },
  {
    token: "network:PrivateDnsZoneGroup",
    inputs: {
      resourceGroupName: "rg",
      privateEndpointName: "kv-sops",
      privateDnsZoneGroupName: "default",
      privateDnsZoneConfigs: [{ name: "vaultcore", privateDnsZoneId: "/zone" }],
    },
    id: "Microsoft.Network/privateEndpoints/kv-sops/privateDnsZoneGroups/default",
    sent: {
      properties: {
        privateDnsZoneConfigs: [{ name: "vaultcore", properties: { privateDnsZoneId: "/zone" } }],
      },
    },
    answered: { name: "default" },
    outputs: { name: "default" },
  },
]);
