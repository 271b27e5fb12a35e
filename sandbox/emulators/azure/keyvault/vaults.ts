import { keyOf } from "../arm/resource-id";
import type { Resources } from "../arm/resources";
import { at, textAt } from "../json";
import type { Resource } from "../model";

export const VAULTS = "Microsoft.KeyVault/vaults";

/** What data planes and events need to know of a vault. */
export interface Vault {
  readonly resource: Resource;
  /** Its ARM id in lower case: what keys and secrets are kept under. */
  readonly key: string;
  readonly name: string;
  readonly location: string;
  /** `https://<name>.vault.azure.net`, without a slash at the end. */
  readonly uri: string;
  readonly purgeProtected: boolean;
  /** Days. */
  readonly retention: number;
}

export function vaultOf(resource: Resource): Vault {
  const { id, name, body } = resource;
  return {
    resource,
    key: keyOf(id),
    name,
    location: textAt(body, "location") ?? "",
    uri: `https://${name.toLowerCase()}.vault.azure.net`,
    purgeProtected: at(body, "properties", "enablePurgeProtection") === true,
    retention: Number(at(body, "properties", "softDeleteRetentionInDays")),
  };
}

/** Names of vaults are unique in all of Azure. */
export function vaultNamed(resources: Resources, name: string): Vault | undefined {
  const found = resources.ofType(VAULTS).find((one) => one.name.toLowerCase() === name.toLowerCase());
  return found && vaultOf(found);
}

/** What of a key or secret depends on its vault. */
export function recovery({ purgeProtected, retention }: Vault) {
  const custom = retention < 90;
  const level = `${custom ? "Customized" : ""}Recoverable${purgeProtected ? "" : "+Purgeable"}`;
  return { recoveryLevel: level, recoverableDays: retention };
}
