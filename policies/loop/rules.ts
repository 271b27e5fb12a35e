import type { Rule } from "../rule";
import { rule as addressSameEverywhere } from "./address-same-everywhere";
import { rule as auditDeviceExists } from "./audit-device-exists";
import { rule as environmentOwnKey } from "./environment-own-key";
import { rule as fluxDefaultDeny } from "./flux-default-deny";
import { rule as keySameEverywhere } from "./key-same-everywhere";
import { rule as pipelineNeverDecrypts } from "./pipeline-never-decrypts";
import { rule as pipelineWritesFromProtected } from "./pipeline-writes-from-protected";
import { rule as roleForEachDecryptor } from "./role-for-each-decryptor";
import { rule as roleOneIdentity } from "./role-one-identity";
import { rule as roleOnlyDecrypts } from "./role-only-decrypts";
import { rule as sopsConfigOwnKeys } from "./sops-config-own-keys";
import { rule as sopsConfigUnderstood } from "./sops-config-understood";
import { rule as sopsConfigValues } from "./sops-config-values";
import { rule as sopsConfigVersionless } from "./sops-config-versionless";
import { rule as sopsConfigWayOut } from "./sops-config-way-out";
import { rule as sweepExists } from "./sweep-exists";
import { rule as watchedBranchProtected } from "./watched-branch-protected";

export const LOOP_RULES: readonly Rule[] = [
  addressSameEverywhere,
  auditDeviceExists,
  environmentOwnKey,
  fluxDefaultDeny,
  keySameEverywhere,
  pipelineNeverDecrypts,
  pipelineWritesFromProtected,
  roleForEachDecryptor,
  roleOneIdentity,
  roleOnlyDecrypts,
  sopsConfigOwnKeys,
  sopsConfigUnderstood,
  sopsConfigValues,
  sopsConfigVersionless,
  sopsConfigWayOut,
  sweepExists,
  watchedBranchProtected,
];
