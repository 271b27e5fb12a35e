import { CliError } from "../../errors/cli-error";
import type { Recipient } from "../../sops-file/recipient";
import { type VaultHost, vaultHost } from "./clouds";

/** A key of an Azure Key Vault, as a sops file names it. */
export interface AzureKey extends VaultHost {
  /** As `Recipient.key` has it; for people. */
  readonly key: string;
  /** Origin of the vault. */
  readonly vault: string;
  readonly name: string;
}

/** @throws CliError for a host that is no vault's, and for names that would reach another path than the key's own. */
export function azureKey({ key, fields }: Recipient): AzureKey {
  const { vault_url: address = "", name = "" } = fields;
  const url = URL.canParse(address) ? new URL(address) : undefined;
  const host = url && vaultHost(url.hostname);
  // sops itself would take a path, a port and a user name along.
  const isPlain = url?.protocol === "https:" && url.port === "" && url.username === "" && url.password === "";
  if (!url || !host || !isPlain)
    throw new CliError(
      `${JSON.stringify(address)} is no vault of Azure (https://<name>.vault.azure.net), so no token is sent there; restore the file from git`,
    );
  if (
    !/^\/*$/.test(url.pathname) ||
    url.search !== "" ||
    url.hash !== "" ||
    !/^[0-9a-zA-Z-]{1,127}$/.test(name)
  )
    throw new CliError(
      `${JSON.stringify(key)} names no key of an Azure Key Vault; it looks like https://name.vault.azure.net/keys/name`,
    );
  return { key, vault: url.origin, name, ...host };
}

/** What can stand in a path as the version of a key. */
export function isVersion(text: string | undefined): text is string {
  return text !== undefined && /^[0-9a-zA-Z]{1,64}$/.test(text);
}

/** Whether it is a wrapped data key as sops writes it: base64url without padding, of at least a key of 2,048 bits. */
export function isWrapped(text: string): boolean {
  return /^[\w-]{342,}$/.test(text);
}
