import type { Definition } from "./arm/definition";
import { appServicePlan } from "./types/app-service-plan";
import { blob } from "./types/blob";
import { blobContainer } from "./types/blob-container";
import { deployment } from "./types/deployment";
import { diagnosticSetting } from "./types/diagnostic-setting";
import { federatedIdentityCredential } from "./types/federated-identity-credential";
import { key } from "./types/key";
import { privateDnsZoneGroup } from "./types/private-dns-zone-group";
import { privateEndpoint } from "./types/private-endpoint";
import { resourceGroup } from "./types/resource-group";
import { roleAssignment } from "./types/role-assignment";
import { roleDefinition } from "./types/role-definition";
import { secret } from "./types/secret";
import { storageAccount } from "./types/storage-account";
import { systemTopic } from "./types/system-topic";
import { systemTopicEventSubscription } from "./types/system-topic-event-subscription";
import { table } from "./types/table";
import { userAssignedIdentity } from "./types/user-assigned-identity";
import { vault } from "./types/vault";
import { webApp } from "./types/web-app";
import { webAppApplicationSettings } from "./types/web-app-application-settings";
import { webAppScmAllowed } from "./types/web-app-scm-allowed";

/** The resource types that the stand-in has. */
export const DEFINITIONS: readonly Definition[] = [
  appServicePlan,
  blob,
  blobContainer,
  deployment,
  diagnosticSetting,
  federatedIdentityCredential,
  key,
  privateDnsZoneGroup,
  privateEndpoint,
  resourceGroup,
  roleAssignment,
  roleDefinition,
  secret,
  storageAccount,
  systemTopic,
  systemTopicEventSubscription,
  table,
  userAssignedIdentity,
  vault,
  webApp,
  webAppApplicationSettings,
  webAppScmAllowed,
];
