import { stringify } from "yaml";

export interface SopsConfigArgs {
  /** Which files of the deploy repository are encrypted, as a regular expression on their path. */
  readonly pathRegex: string;
  /** Which keys of a document have their values encrypted. */
  readonly encryptedRegex: string;
  /** Whether the MAC covers encrypted values only. sops stores it in each file, so it is always said. */
  readonly macOnlyEncrypted: boolean;
  /** Key in Vault, as `transitKeyUri` makes it. */
  readonly vaultTransitUri: string;
  /** Keys in Azure Key Vault, without versions and without slashes at their ends: `https://kv.vault.azure.net/keys/sops`. */
  readonly azureKeyUrls: readonly string[];
  /** Break-glass recipients. */
  readonly ageRecipients: readonly string[];
}

export interface TransitKeyLocation {
  /** Vault's normalised address. */
  readonly address: string;
  readonly namespace?: string | undefined;
  readonly mount: string;
  readonly key: string;
}

/** The key's URI as sops reads it: `https://vault:8200/v1/transit/keys/sops`. */
export function transitKeyUri({ address, namespace, mount, key }: TransitKeyLocation): string {
  return `${address}/v1/${namespace === undefined ? "" : `${namespace}/`}${mount}/keys/${key}`;
}

/**
 * The text of `.sops.yaml`. Keys that stand side by side are one group: any of them decrypts. Their names are sops's own: it ignores any
 * that it does not know, and would then encrypt to fewer recipients than meant.
 */
export function sopsConfigText(args: SopsConfigArgs): string {
  const rule = {
    path_regex: args.pathRegex,
    encrypted_regex: args.encryptedRegex,
    mac_only_encrypted: args.macOnlyEncrypted,
    hc_vault_transit_uri: args.vaultTransitUri,
    ...(args.azureKeyUrls.length > 0 && { azure_keyvault: args.azureKeyUrls.join(",") }),
    ...(args.ageRecipients.length > 0 && { age: args.ageRecipients.join(",") }),
  };
  return stringify({ creation_rules: [rule] }, { lineWidth: 0 });
}
