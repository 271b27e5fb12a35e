import { isIP } from "node:net";
import type { KeyVaultManagementClient, VaultCreateOrUpdateParameters } from "@azure/arm-keyvault";
import { z } from "zod";
import { type JsonObject, objectAt, textAt } from "../../json";
import { VAULTS, vaultOf } from "../../keyvault/vaults";
import { isLoopback } from "../../outbound";
import { badRequest } from "../arm-refusal";
import { OfficialModel } from "../official-model";
import type { ResourceType, WriteAsk } from "../resource-type";
import { checkVaultName, takenFromBin } from "./vault-names";

export const KEYVAULT_VERSIONS = [
  "2021-10-01",
  "2022-07-01",
  "2022-11-01",
  "2023-02-01",
  "2023-07-01",
  "2024-11-01",
  "2024-12-01-preview",
  "2025-05-01",
  "2026-02-01",
];

const DAY_MS = 24 * 60 * 60 * 1_000;

const address = z.string().refine((text) => {
  const [base = "", bits = "32"] = text.split("/");
  return isIP(base) === 4 && /^\d+$/.test(bits) && Number(bits) <= 32 && !isPrivate(base);
}, "is not a public IPv4 address or range");

/** Values that Azure checks, and its client does not. */
const values = z.looseObject({
  sku: z.looseObject({ family: z.literal("A"), name: z.enum(["standard", "premium"]) }),
  tenantId: z.guid(),
  accessPolicies: z.array(z.looseObject({ tenantId: z.guid(), objectId: z.guid() })).optional(),
  softDeleteRetentionInDays: z.number().int().min(7).max(90).optional(),
  publicNetworkAccess: z.enum(["enabled", "disabled", "Enabled", "Disabled"]).optional(),
  networkAcls: z
    .looseObject({
      bypass: z.enum(["AzureServices", "None"]).optional(),
      defaultAction: z.enum(["Allow", "Deny"]).optional(),
      ipRules: z.array(z.looseObject({ value: address })).optional(),
    })
    .optional(),
});

export const vaults: ResourceType = {
  name: VAULTS,
  apiVersions: KEYVAULT_VERSIONS,
  tracked: true,
  model: new OfficialModel<KeyVaultManagementClient, VaultCreateOrUpdateParameters>({
    client: async ({ credential, options }) => {
      const { KeyVaultManagementClient: Client } = await import("@azure/arm-keyvault");
      return new Client(credential, "none", options);
    },
    read: (client) => client.vaults.get("group", "vault") as Promise<VaultCreateOrUpdateParameters>,
    write: (client, model) => client.vaults.createOrUpdate("group", "vault", model),
  }),
  prepare: (ask) => ({ body: checked(ask), hidden: {} }),
  show: (_core, resource) => ({
    ...resource.body,
    properties: {
      ...objectAt(resource.body, "properties"),
      vaultUri: `${vaultOf(resource).uri}/`,
      provisioningState: "Succeeded",
    },
  }),
  /** To the bin, with its contents; what lies in it in ARM is gone. */
  remove: (core, resource) => {
    const at = core.clock.now();
    const purgeAt = at + vaultOf(resource).retention * DAY_MS;
    core.store.tables.deletedVaults.push({ resource: structuredClone(resource), at, purgeAt });
  },
};

function checked(ask: WriteAsk): JsonObject {
  const { core, id, body, existing } = ask;
  checkVaultName(id.name);
  if (!existing) {
    const recovered = takenFromBin(ask);
    if (recovered) return recovered;
  }
  const { createMode: _mode, ...wanted } = objectAt(body, "properties");
  const parsed = values.safeParse(wanted);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw badRequest(
      `The parameter properties.${issue?.path.join(".")} has an invalid value: ${issue?.message}`,
    );
  }
  if (textAt(wanted, "tenantId")?.toLowerCase() !== core.tokens.tenantId)
    throw badRequest("An invalid value was provided for 'tenantId'.");
  return { ...body, properties: withDefaults(wanted, objectAt(existing?.body, "properties"), ask) };
}

/** What cannot be taken back, and what holds when nothing is said. */
function withDefaults(
  wanted: JsonObject,
  before: JsonObject,
  { apiVersion, existing }: WriteAsk,
): JsonObject {
  if (wanted.enablePurgeProtection === false)
    throw badRequest(
      'The property "enablePurgeProtection" cannot be set to false. Enabling the purge protection for a vault is an ' +
        "irreversible action.",
    );
  if (wanted.enableSoftDelete === false)
    throw badRequest(
      'The property "enableSoftDelete" cannot be set to false. Soft delete is on for every vault.',
    );
  const { softDeleteRetentionInDays: days } = before;
  if (
    days !== undefined &&
    wanted.softDeleteRetentionInDays !== undefined &&
    wanted.softDeleteRetentionInDays !== days
  )
    throw badRequest(
      'The property "softDeleteRetentionInDays" has been set already and it can\'t be modified.',
    );
  const rbac = wanted.enableRbacAuthorization ?? before.enableRbacAuthorization ?? apiVersion >= "2026-02-01";
  if (rbac !== true && wanted.accessPolicies === undefined && !existing)
    throw badRequest("The parameter accessPolicies is not specified.");
  const protectedAlready = before.enablePurgeProtection === true;
  return {
    accessPolicies: [],
    enabledForDeployment: false,
    publicNetworkAccess: "Enabled",
    ...wanted,
    enableSoftDelete: true,
    softDeleteRetentionInDays: days ?? wanted.softDeleteRetentionInDays ?? 90,
    enableRbacAuthorization: rbac,
    ...(protectedAlready && { enablePurgeProtection: true }),
  };
}

function isPrivate(ip: string): boolean {
  return isLoopback(ip) || /^(?:10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.|169\.254\.)/.test(ip);
}
