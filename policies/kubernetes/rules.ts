import type { Rule } from "../rule";
import { rule as accountNoAutomount } from "./account-no-automount";
import { rule as bindingNarrowSubjects } from "./binding-narrow-subjects";
import { rule as bindingNoClusterAdmin } from "./binding-no-cluster-admin";
import { rule as bindingSingleReviewer } from "./binding-single-reviewer";
import { rule as configMapNoSecret } from "./config-map-no-secret";
import { rule as networkPolicyNarrow } from "./network-policy-narrow";
import { rule as objectOwnNamespace } from "./object-own-namespace";
import { rule as roleNarrowSecrets } from "./role-narrow-secrets";
import { rule as roleNarrowTokens } from "./role-narrow-tokens";
import { rule as roleNoEscalation } from "./role-no-escalation";
import { rule as roleNoWildcards } from "./role-no-wildcards";
import { rule as secretNoLastingToken } from "./secret-no-lasting-token";
import { rule as workloadHardened } from "./workload-hardened";
import { rule as workloadNoLiteralSecret } from "./workload-no-literal-secret";
import { rule as workloadOwnAccount } from "./workload-own-account";
import { rule as workloadPinnedImage } from "./workload-pinned-image";

export const KUBERNETES_RULES: readonly Rule[] = [
  accountNoAutomount,
  bindingNarrowSubjects,
  bindingNoClusterAdmin,
  bindingSingleReviewer,
  configMapNoSecret,
  networkPolicyNarrow,
  objectOwnNamespace,
  roleNarrowSecrets,
  roleNarrowTokens,
  roleNoEscalation,
  roleNoWildcards,
  secretNoLastingToken,
  workloadHardened,
  workloadNoLiteralSecret,
  workloadOwnAccount,
  workloadPinnedImage,
];
