import type { Kind } from "./kind";

/** What can be wrong in Azure: the vault, the key, and who may use it. */
export const AZURE_KINDS = {
  "azure-vault-missing": {
    severity: "high",
    means: "The declared vault is not there.",
    mend: "az keyvault list-deleted; az keyvault recover --name VAULT",
  },
  "azure-vault-network": {
    severity: "high",
    means: "The vault answers the whole internet.",
    mend: "az keyvault update --name VAULT --default-action Deny; pulumi up --refresh",
  },
  "azure-vault-purgeable": {
    severity: "high",
    means: "What is deleted in the vault can be deleted for good before its time.",
    mend: "az keyvault update --name VAULT --enable-purge-protection true",
  },
  "azure-vault-access-policies": {
    severity: "high",
    means: "Access policies say who may use the key, which whoever may write the vault gives to himself.",
    mend: "az keyvault update --name VAULT --enable-rbac-authorization true",
  },
  "azure-vault-unlogged": {
    severity: "medium",
    means: "Uses of the key are written down nowhere: nobody sees who decrypts.",
    mend: "set sopsloop:azure.diagnostics.workspaceId; pulumi up --refresh",
  },
  "azure-key-missing": {
    severity: "high",
    means: "The declared key is not there: no file can be opened by it.",
    mend: "az keyvault key recover --vault-name VAULT --name KEY",
  },
  "azure-key-disabled": {
    severity: "medium",
    means: "The key's current version is off, or has ended: nothing can be encrypted.",
    mend: "az keyvault key set-attributes --vault-name VAULT --name KEY --enabled true",
  },
  "azure-key-operations": {
    severity: "medium",
    means: "The key may be used for more than to encrypt and decrypt.",
    mend: "az keyvault key set-attributes --vault-name VAULT --name KEY --ops encrypt decrypt",
  },
  "azure-key-exportable": {
    severity: "critical",
    means: "The key can be released out of Key Vault.",
    mend: "make a new key that cannot be exported, and encrypt every file anew for it",
  },
  "azure-key-type": {
    severity: "medium",
    means: "The key is of another kind than declared.",
    mend: "az keyvault key show --vault-name VAULT --name KEY; find out who made it anew",
  },
  "azure-key-rotation": {
    severity: "medium",
    means: "The key's rotation policy is gone, or rotates later than declared.",
    mend: "az keyvault key rotation-policy show --vault-name VAULT --name KEY",
  },
  "azure-role-assignment": {
    severity: "critical",
    means: "Somebody who is not declared has a role that decrypts with the key, or takes it out.",
    mend: "az role assignment delete --ids ID",
  },
  "azure-role-inherited": {
    severity: "medium",
    means:
      "By a role at the resource group or above, somebody beside the one who runs this may decrypt with the key.",
    mend: "see that only deployers and administrators have it; else az role assignment delete --ids ID",
  },
  "azure-identity-rights": {
    severity: "high",
    means: "A declared identity may do more with the key than declared.",
    mend: "az role assignment list --assignee ID --all; pulumi up --refresh",
  },
  "azure-identity-missing": {
    severity: "medium",
    means: "A declared identity is not there: who logs in as it cannot any more.",
    mend: "pulumi up --refresh",
  },
  "azure-federated-credential": {
    severity: "critical",
    means: "A declared identity trusts tokens of an issuer, or for a subject, that is not declared.",
    mend: "az identity federated-credential delete --name NAME --identity-name IDENTITY --resource-group GROUP",
  },
  "azure-events-missing": {
    severity: "medium",
    means: "Nobody is told of the key's new versions, so that files stay stale until the next sweep.",
    mend: "pulumi up --refresh",
  },
  "azure-events-unfiltered": {
    severity: "low",
    means: "A subscription tells of more than new versions of the key, or keeps no dead letters.",
    mend: "pulumi up --refresh",
  },
  "azure-events-elsewhere": {
    severity: "medium",
    means: "Somebody else than the relay is told of the vault's keys.",
    mend: "az eventgrid system-topic event-subscription list --resource-group GROUP --system-topic-name TOPIC; delete it",
  },
} as const satisfies Readonly<Record<string, Kind>>;
