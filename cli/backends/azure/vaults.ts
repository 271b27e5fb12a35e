import { CliError } from "../../errors/cli-error";
import type { Clock } from "../http/retries";
import { AccessTokens } from "./access-tokens";
import type { AzureKey } from "./azure-key";
import type { AzureSettings } from "./azure-settings";
import { cloudOf } from "./clouds";
import { KeyVault } from "./key-vault";

/** A connection to each vault that is asked, all as one identity. */
export class Vaults {
  private readonly open = new Map<string, KeyVault>();
  private identity: { readonly settings: AzureSettings; readonly tokens: AccessTokens } | undefined;

  /** @param settings called once, when the first request is due. */
  constructor(
    private readonly settings: () => AzureSettings,
    private readonly clock: Clock,
  ) {}

  /** @throws CliError for a setting that is none (2), and for a vault of another cloud than the identity's. */
  of({ vault, cloud }: AzureKey): KeyVault {
    const known = this.open.get(vault);
    if (known) return known;
    this.identity ??= this.withTokens(this.settings());
    const { settings, tokens } = this.identity;
    const own = cloudOf(settings.authority);
    if (own && own !== cloud)
      throw new CliError(
        `${vault} is in ${cloud.name}, but this identity is of ${own.name}; set AZURE_AUTHORITY_HOST=${cloud.authority} and an identity of that cloud`,
      );
    const opened = new KeyVault(vault, settings, tokens, this.clock);
    this.open.set(vault, opened);
    return opened;
  }

  close(): void {
    for (const vault of this.open.values()) vault.close();
    this.open.clear();
    this.identity?.tokens.close();
  }

  private withTokens(settings: AzureSettings) {
    return { settings, tokens: new AccessTokens(settings, this.clock) };
  }
}
