import type { Azure } from "../azure";

/** The API version of ARM for what is in a vault. */
export const VAULT_API = "2024-11-01";

/**
 * Deletes a key or a secret by the vault's own API, since ARM deletes none. ARM is asked first whether it is there: with the vault, the
 * host to ask would be gone, too.
 */
export async function deleteInVault(azure: Azure, kind: "keys" | "secrets", id: string): Promise<void> {
  const parts = id.split("/");
  const [vault = "", name = ""] = [parts.at(-3), parts.at(-1)];
  if ((await azure.arm.get(id, VAULT_API, `read ${name} of ${vault}`)) === undefined) return;
  await azure.keyVault.delete(vault, kind, name);
}
