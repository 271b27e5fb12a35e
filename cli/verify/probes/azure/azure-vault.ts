import type { AzureLook } from "../../azure/azure-look";
import { Fault, type Probe } from "../../probe";
import { fieldOf } from "../../vault-access";
import { azureProbe } from "./azure-probe";

/** Also whether this identity may look at all: what comes later fails for the same reason. */
export function azureVault(look: AzureLook): Probe {
  return azureProbe("azure-vault", "Azure's vaults are there, and closed as declared", [], async () => {
    const seen: string[] = [];
    for (const key of look.declared.keys) {
      const { vault } = key;
      const properties = fieldOf(await look.vault(key), "properties") ?? {};
      const next = `az keyvault show --name ${vault}; pulumi up --refresh`;
      if (properties.enableRbacAuthorization !== true)
        throw new Fault(`${vault} has access policies, which the declared roles say nothing about`, next);
      if (properties.enablePurgeProtection !== true)
        throw new Fault(`${vault}: a deleted key can be purged, and every file with it`, next);
      const acls = fieldOf(properties, "networkAcls");
      const isOpen = String(properties.publicNetworkAccess ?? "Enabled").toLowerCase() !== "disabled";
      if (isOpen && String(acls?.defaultAction ?? "Allow").toLowerCase() !== "deny")
        throw new Fault(`${vault} takes requests from everywhere (defaultAction is not Deny)`, next);
      seen.push(vault);
    }
    return `${seen.join(", ")}: roles only, purge protection, default deny`;
  });
}
