import type { RecipientKind } from "../sops-file/recipient";
import type { AzureOptions } from "./azure/azure-backend";
import { openAzureBackend } from "./azure/open-azure-backend";
import type { KeyBackend } from "./key-backend";
import { openVaultBackend } from "./vault/open-vault-backend";

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * A backend for each kind of key server that can be asked. None asks for a token or an identity before a key of its kind is there.
 *
 * @param configs texts of the tree's `.sops.yaml` files
 * @param warn called with each line that a person should see, at the first use
 */
export function openBackends(
  env: Environment,
  configs: Iterable<string>,
  warn: (line: string) => void,
  azure: AzureOptions = {},
): readonly KeyBackend[] {
  return [openVaultBackend(env, configs, warn), openAzureBackend(env, azure)];
}

/** Kinds of key that these are for. */
export const ASKABLE: readonly RecipientKind[] = ["hc_vault", "azure_kv"];
