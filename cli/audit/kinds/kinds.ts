import { AZURE_KINDS } from "./azure-kinds";
import { GITLAB_KINDS } from "./gitlab-kinds";
import { KUBERNETES_KINDS } from "./kubernetes-kinds";
import { VAULT_KEY_KINDS } from "./vault-key-kinds";
import { VAULT_KINDS } from "./vault-kinds";
import { VAULT_LOG_KINDS } from "./vault-log-kinds";

/** What is looked for in the live systems, by id. */
export const LIVE_KINDS = {
  ...VAULT_KEY_KINDS,
  ...VAULT_KINDS,
  ...KUBERNETES_KINDS,
  ...GITLAB_KINDS,
  ...AZURE_KINDS,
} as const;

export type LiveKind = keyof typeof LIVE_KINDS;
export type VaultLogKind = keyof typeof VAULT_LOG_KINDS;
export { VAULT_LOG_KINDS };
