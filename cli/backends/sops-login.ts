import { CliError } from "../errors/cli-error";
import type { CreationRule } from "../rules/creation-rule";
import { azureSettings } from "./azure/azure-settings";
import { vaultHost } from "./azure/clouds";
import { IdTokenFile } from "./azure/id-token-file";
import { requireJobIdentity } from "./azure/job-identity";
import { sopsEnvironment } from "./vault/sops-environment";

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Lets sops log in as a CI job, whose ID tokens it does not know: Vault's answer to the login stands in its environment, and the ID token
 * for Azure lies in a file for as long as sops has work. What people have set up reaches it unchanged.
 */
export class SopsLogin {
  private vault: Promise<Environment> | undefined;
  private azure: IdTokenFile | undefined;

  constructor(private readonly env: Environment) {}

  /**
   * The environment for a sops that encrypts under these rules. Vault is asked once, however often this is.
   *
   * @throws CliError where Vault refuses, a setting of the job is missing (2), or a rule would have sops send its token to a host that is
   * none of Azure's.
   */
  async environment(rules: Iterable<CreationRule>): Promise<Environment> {
    const keys = [...rules].flatMap(({ groups }) => groups.flat());
    const ofAzure = keys.filter(({ kind }) => kind === "azure_kv");
    for (const { key } of ofAzure) requireVaultHost(key);
    if (keys.some(({ kind }) => kind === "hc_vault")) this.vault ??= sopsEnvironment(this.env);
    const env = (await this.vault) ?? this.env;
    if (ofAzure.length === 0 || !env.AZURE_ID_TOKEN) return env;
    requireJobIdentity(azureSettings(env));
    this.azure ??= IdTokenFile.of(env);
    return this.azure?.env ?? env;
  }

  /** Takes the file away: sops has nothing to do until it is asked for again. */
  rest(): void {
    this.azure?.remove();
    this.azure = undefined;
  }
}

function requireVaultHost(key: string): void {
  if (URL.canParse(key) && vaultHost(new URL(key).host)) return;
  throw new CliError(
    `${key}: is on no vault of Azure (https://<name>.vault.azure.net), so no token is sent there; mend .sops.yaml`,
  );
}
