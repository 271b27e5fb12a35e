import type { Rule } from "../rule";
import { rule as auditHashed } from "./audit-hashed";
import { rule as auditKept } from "./audit-kept";
import { rule as jwtBackendKeys } from "./jwt-backend-keys";
import { rule as jwtRoleAudience } from "./jwt-role-audience";
import { rule as jwtRoleBound } from "./jwt-role-bound";
import { rule as jwtRoleSource } from "./jwt-role-source";
import { rule as jwtRoleStableUser } from "./jwt-role-stable-user";
import { rule as kubernetesConfigHost } from "./kubernetes-config-host";
import { rule as kubernetesConfigReviewer } from "./kubernetes-config-reviewer";
import { rule as kubernetesRoleAudience } from "./kubernetes-role-audience";
import { rule as kubernetesRoleBound } from "./kubernetes-role-bound";
import { rule as kubernetesRoleGuide } from "./kubernetes-role-guide";
import { rule as mountDescribed } from "./mount-described";
import { rule as policyEncryptsWithoutCreate } from "./policy-encrypts-without-create";
import { rule as policyLiteralPaths } from "./policy-literal-paths";
import { rule as policyNoAdministration } from "./policy-no-administration";
import { rule as policyNoKeyAdministration } from "./policy-no-key-administration";
import { rule as policyNoSudo } from "./policy-no-sudo";
import { rule as providerNoToken } from "./provider-no-token";
import { rule as providerVerified } from "./provider-verified";
import { rule as roleBatchTokens } from "./role-batch-tokens";
import { rule as roleNoDefaultPolicy } from "./role-no-default-policy";
import { rule as roleOwnPolicies } from "./role-own-policies";
import { rule as roleShortTokens } from "./role-short-tokens";
import { rule as transitKeyNoPlaintextBackup } from "./transit-key-no-plaintext-backup";
import { rule as transitKeyOldVersions } from "./transit-key-old-versions";
import { rule as transitKeyRotates } from "./transit-key-rotates";
import { rule as transitKeyType } from "./transit-key-type";
import { rule as transitKeyUndeletable } from "./transit-key-undeletable";
import { rule as transitKeyUnexportable } from "./transit-key-unexportable";
import { rule as transitMountNoUpsert } from "./transit-mount-no-upsert";
import { rule as transitMountProtected } from "./transit-mount-protected";

export const VAULT_RULES: readonly Rule[] = [
  auditHashed,
  auditKept,
  jwtBackendKeys,
  jwtRoleAudience,
  jwtRoleBound,
  jwtRoleSource,
  jwtRoleStableUser,
  kubernetesConfigHost,
  kubernetesConfigReviewer,
  kubernetesRoleAudience,
  kubernetesRoleBound,
  kubernetesRoleGuide,
  mountDescribed,
  policyEncryptsWithoutCreate,
  policyLiteralPaths,
  policyNoAdministration,
  policyNoKeyAdministration,
  policyNoSudo,
  providerNoToken,
  providerVerified,
  roleBatchTokens,
  roleNoDefaultPolicy,
  roleOwnPolicies,
  roleShortTokens,
  transitKeyNoPlaintextBackup,
  transitKeyOldVersions,
  transitKeyRotates,
  transitKeyType,
  transitKeyUndeletable,
  transitKeyUnexportable,
  transitMountNoUpsert,
  transitMountProtected,
];
