import type { Rule } from "../rule";
import { rule as accountNoAudiences } from "./account-no-audiences";
import { rule as controllerAllowlist } from "./controller-allowlist";
import { rule as controllerVerifiesVault } from "./controller-verifies-vault";
import { rule as gitRepositoryBranch } from "./git-repository-branch";
import { rule as gitRepositoryVerified } from "./git-repository-verified";
import { rule as kustomizationNoStaticKey } from "./kustomization-no-static-key";
import { rule as kustomizationNoSubstitution } from "./kustomization-no-substitution";
import { rule as kustomizationOwnAccount } from "./kustomization-own-account";
import { rule as kustomizationReconciles } from "./kustomization-reconciles";
import { rule as providerSecretAddress } from "./provider-secret-address";
import { rule as receiverAuthenticated } from "./receiver-authenticated";

export const FLUX_RULES: readonly Rule[] = [
  accountNoAudiences,
  controllerAllowlist,
  controllerVerifiesVault,
  gitRepositoryBranch,
  gitRepositoryVerified,
  kustomizationNoStaticKey,
  kustomizationNoSubstitution,
  kustomizationOwnAccount,
  kustomizationReconciles,
  providerSecretAddress,
  receiverAuthenticated,
];
