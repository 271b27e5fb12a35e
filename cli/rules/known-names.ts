import { distance } from "fastest-levenshtein";
import { SELECTORS } from "./creation-rule";

export const TOP_NAMES = ["creation_rules", "destination_rules", "stores"];

export const RULE_NAMES = [
  "path_regex",
  "kms",
  "aws_profile",
  "age",
  "pgp",
  "gcp_kms",
  "hckms",
  "azure_keyvault",
  "hc_vault_transit_uri",
  "key_groups",
  "shamir_threshold",
  ...SELECTORS,
  "mac_only_encrypted",
];

export const GROUP_NAMES = ["merge", "kms", "gcp_kms", "hckms", "azure_keyvault", "hc_vault", "age", "pgp"];

/** Names that people write since sops's own documents, its files or its other sections have them. */
const MISTAKEN: Readonly<Record<string, readonly string[]>> = {
  hc_vault_uris: ["hc_vault_transit_uri", "hc_vault"],
  hc_vault_uri: ["hc_vault_transit_uri", "hc_vault"],
  hc_vault_transit_uri: ["hc_vault"],
  hc_vault: ["hc_vault_transit_uri"],
  vault: ["hc_vault_transit_uri", "hc_vault"],
  azure_kv: ["azure_keyvault"],
};

/** The known name that was probably meant. */
export function nearest(name: string, known: readonly string[]): string | undefined {
  const mistaken = Object.hasOwn(MISTAKEN, name)
    ? MISTAKEN[name]?.find((meant) => known.includes(meant))
    : undefined;
  if (mistaken !== undefined) return mistaken;
  const [best] = known
    .map((candidate) => ({ candidate, away: distance(name, candidate) }))
    .sort((a, b) => a.away - b.away);
  return best && best.away <= Math.max(2, Math.floor(name.length / 3)) ? best.candidate : undefined;
}
