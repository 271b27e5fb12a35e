import { TrustedAddresses } from "../backends/vault/trusted-addresses";
import { type VaultSettings, vaultSettings } from "../backends/vault/vault-settings";
import { CliError } from "../errors/cli-error";
import type { Io } from "../io";
import type { Declared } from "./declared";

/** How to speak to the Vault of a stack. @throws CliError where the token is one for another Vault than the stack's: it is not sent there. */
export function settingsFor(
  { vaultAddress, loginPath }: Pick<Declared, "vaultAddress" | "loginPath">,
  { env }: Pick<Io, "env">,
): VaultSettings {
  if (!new TrustedAddresses(env, [vaultAddress]).isTrusted(vaultAddress))
    throw new CliError(
      `the stack's Vault is ${vaultAddress}, which ${env.SOPS_HC_VAULT_ALLOWLIST ? "SOPS_HC_VAULT_ALLOWLIST leaves out" : "VAULT_ADDR is not"}, so the token is not sent there; set VAULT_ADDR=${vaultAddress} and a token of that Vault, or choose another stack`,
      2,
    );
  const settings = vaultSettings(env);
  const namespace = /^(.+)\/auth\//.exec(loginPath)?.[1];
  return namespace === undefined || settings.namespace !== undefined ? settings : { ...settings, namespace };
}
