import type { Rule } from "../rule";
import { rule as blobContainerPrivate } from "./blob-container-private";
import { rule as eventSubscriptionAuthenticated } from "./event-subscription-authenticated";
import { rule as eventSubscriptionFiltered } from "./event-subscription-filtered";
import { rule as eventSubscriptionKept } from "./event-subscription-kept";
import { rule as eventTopicIdentity } from "./event-topic-identity";
import { rule as federatedCredentialExact } from "./federated-credential-exact";
import { rule as functionHttps } from "./function-https";
import { rule as functionIdentity } from "./function-identity";
import { rule as functionNoPlainSecret } from "./function-no-plain-secret";
import { rule as identityOnlyDecrypts } from "./identity-only-decrypts";
import { rule as identityRewrapsAlone } from "./identity-rewraps-alone";
import { rule as keyExpires } from "./key-expires";
import { rule as keyOperations } from "./key-operations";
import { rule as keyRotates } from "./key-rotates";
import { rule as keyType } from "./key-type";
import { rule as keyUnexportable } from "./key-unexportable";
import { rule as keyVaultLogged } from "./key-vault-logged";
import { rule as keyVaultNarrowNetworks } from "./key-vault-narrow-networks";
import { rule as keyVaultNetworkDeny } from "./key-vault-network-deny";
import { rule as keyVaultPrivateEndpoint } from "./key-vault-private-endpoint";
import { rule as keyVaultPurgeProtection } from "./key-vault-purge-protection";
import { rule as keyVaultRbac } from "./key-vault-rbac";
import { rule as keyVaultSoftDelete } from "./key-vault-soft-delete";
import { rule as resourceRegion } from "./resource-region";
import { rule as resourceTagged } from "./resource-tagged";
import { rule as roleAssignmentNarrowScope } from "./role-assignment-narrow-scope";
import { rule as roleAssignmentNoAdministrator } from "./role-assignment-no-administrator";
import { rule as roleAssignmentUsable } from "./role-assignment-usable";
import { rule as roleDefinitionNarrow } from "./role-definition-narrow";
import { rule as secretExpires } from "./secret-expires";
import { rule as storageAccountPrivate } from "./storage-account-private";

export const AZURE_RULES: readonly Rule[] = [
  blobContainerPrivate,
  eventSubscriptionAuthenticated,
  eventSubscriptionFiltered,
  eventSubscriptionKept,
  eventTopicIdentity,
  federatedCredentialExact,
  functionHttps,
  functionIdentity,
  functionNoPlainSecret,
  identityOnlyDecrypts,
  identityRewrapsAlone,
  keyExpires,
  keyOperations,
  keyRotates,
  keyType,
  keyUnexportable,
  keyVaultLogged,
  keyVaultNarrowNetworks,
  keyVaultNetworkDeny,
  keyVaultPrivateEndpoint,
  keyVaultPurgeProtection,
  keyVaultRbac,
  keyVaultSoftDelete,
  resourceRegion,
  resourceTagged,
  roleAssignmentNarrowScope,
  roleAssignmentNoAdministrator,
  roleAssignmentUsable,
  roleDefinitionNarrow,
  secretExpires,
  storageAccountPrivate,
];
