import { z } from "zod";
import { parseHttpUrl } from "./addresses";
import {
  azureKeyName,
  guid,
  location,
  prefix,
  publicAddresses,
  resourceGroupName,
  subnetId,
  subnetIds,
  vaultDnsZoneId,
  vaultName,
  workspaceId,
} from "./azure-fields";
import { relaySection } from "./azure-relay";
import { rotationSection } from "./azure-rotation";
import { expected, flag, named, oneOf, parsed, strict } from "./fields";
import { describe } from "./problems";

const vault = strict({
  name: vaultName,
  location: location.optional(),
  recover: flag("bring a deleted vault of that name back, with its keys").default(false),
  privateEndpoint: strict({
    subnetId,
    location: location.optional(),
    dnsZoneId: vaultDnsZoneId.optional(),
  }).optional(),
});

/** Nobody is helped by a third, and sops has to reach all of them to encrypt. */
const MOST_VAULTS = 2;

const vaults = named(vault, "vaults").superRefine((map, context) => {
  const count = Object.keys(map).length;
  if (count > MOST_VAULTS)
    context.addIssue({
      code: "custom",
      message: `has ${count} vaults; keep one or two, either of which decrypts`,
    });
});

const SIZES = [2048, 3072, 4096] as const;

const key = strict({
  name: azureKeyName.default("sops"),
  size: z
    .literal(SIZES, { error: (issue) => `is ${describe(issue.input)}; set it to one of ${SIZES.join(", ")}` })
    .default(3072),
  hsm: flag("keep the key in a hardware security module").default(false),
  rotation: rotationSection,
  protect: flag("protect the vaults and their keys").default(true),
}).prefault({});

const network = strict({ allowedIps: publicAddresses, allowedSubnets: subnetIds }).prefault({});

const ISSUER_EXAMPLE = "https://oidc.example.com/cluster";

const flux = strict({
  // Never tidied up: Entra compares it with the tokens' issuer character by character, and AKS has a slash at its end.
  issuer: parsed("the cluster's issuer URL", (value) => parseHttpUrl(value, ISSUER_EXAMPLE)).optional(),
  identity: oneOf(["account", "webhook", "projected"]).default("account"),
}).prefault({});

/** `sopsloop:azure`. */
export const azureSection = strict({
  subscriptionId: guid("the subscription's id"),
  tenantId: guid("the tenant's id"),
  location,
  resourceGroup: resourceGroupName,
  name: prefix,
  tags: z
    .record(z.string(), z.string({ error: expected("text") }), { error: expected("a map of tags") })
    .default({}),
  vaults,
  key,
  network,
  diagnostics: strict({ workspaceId }).optional(),
  flux,
  relay: relaySection.optional(),
});

export type AzureSettings = z.output<typeof azureSection>;
