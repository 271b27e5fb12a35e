import { AZURE_RULES } from "./azure/rules";
import { FLUX_RULES } from "./flux/rules";
import { GITLAB_RULES } from "./gitlab/rules";
import { KUBERNETES_RULES } from "./kubernetes/rules";
import { LOOP_RULES } from "./loop/rules";
import type { Rule } from "./rule";
import { VAULT_RULES } from "./vault/rules";

/** Every rule of the pack, by vendor; `loop` has those that hold between the vendors. */
export const RULES: readonly Rule[] = [
  ...VAULT_RULES,
  ...KUBERNETES_RULES,
  ...FLUX_RULES,
  ...GITLAB_RULES,
  ...AZURE_RULES,
  ...LOOP_RULES,
];
