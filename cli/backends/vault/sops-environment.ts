import { VaultConnection } from "./vault-connection";
import { vaultSettings } from "./vault-settings";

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The environment for a sops that is to work with Vault: where there is no token but a CI job's ID token, Vault's answer to the login
 * stands in it as VAULT_TOKEN, since sops itself has no such login. Unchanged otherwise. @throws CliError where Vault refuses.
 */
export async function sopsEnvironment(env: Environment): Promise<Environment> {
  if (!env.VAULT_ID_TOKEN) return env;
  const settings = vaultSettings(env);
  if (typeof settings.token === "string") return env;
  const { origin } = settings.token;
  const vault = new VaultConnection(origin, settings);
  try {
    const { VAULT_ID_TOKEN: _, VAULT_NAMESPACE, ...rest } = env;
    return {
      ...rest,
      // A namespace that is the login's alone would be looked for inside of itself.
      ...(settings.namespace !== undefined && { VAULT_NAMESPACE }),
      // sops would send its token wherever a file says.
      ...{ SOPS_HC_VAULT_ALLOWLIST: origin, VAULT_TOKEN: await vault.token() },
    };
  } finally {
    vault.close();
  }
}
