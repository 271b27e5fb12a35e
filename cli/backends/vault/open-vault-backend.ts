import { TrustedAddresses } from "./trusted-addresses";
import { VaultBackend } from "./vault-backend";
import { vaultSettings } from "./vault-settings";

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The backend for a tree. Nothing is read from the environment before a key is asked for: a tree without Vault keys needs no token.
 * @param configs texts of the tree's `.sops.yaml` files.
 * @param warn called with each line that a person should see, at the first use.
 */
export function openVaultBackend(
  env: Environment,
  configs: Iterable<string>,
  warn: (line: string) => void,
): VaultBackend {
  return new VaultBackend(
    () => {
      const settings = vaultSettings(env);
      for (const line of settings.warnings) warn(line);
      return settings;
    },
    trustedVaults(env, configs),
  );
}

/** Which Vaults may see the token, for a tree with these texts of `.sops.yaml` files. */
export function trustedVaults(env: Environment, configs: Iterable<string>): TrustedAddresses {
  return new TrustedAddresses(env, [...configs].flatMap(vaultsIn));
}

/** Addresses of the Vaults that a `.sops.yaml` names, outside of comments. */
export function vaultsIn(text: string): string[] {
  const lines = text.split("\n").map((line) => line.replace(/(^|\s)#.*$/, ""));
  return lines.flatMap((line) => line.match(/https?:\/\/[^\s"',/[\]{}]+(?=\/v\d)/g) ?? []);
}
