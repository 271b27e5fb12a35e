import { AccessTokens } from "../../backends/azure/access-tokens";
import type { AzureSettings } from "../../backends/azure/azure-settings";
import { vaultHost } from "../../backends/azure/clouds";
import { REAL_CLOCK } from "../../backends/http/retries";
import { CliError } from "../../errors/cli-error";
import { accountOfSubject } from "../../kubernetes/account-of-subject";
import type { DeclaredAzureIdentity } from "../declared-azure";
import type { Logins } from "../logins";
import { Fault } from "../probe";
import type { AzureLook } from "./azure-look";

/** A service account, and who it is in Azure. */
export interface AzureDecryptor {
  readonly identity: DeclaredAzureIdentity;
  readonly namespace: string;
  readonly serviceAccount: string;
}

/** Logs in to Azure as the accounts do that Flux decrypts as, once for each, with tokens that the API server gives out for it. */
export class AzureDecryptors {
  private readonly made = new Map<string, Promise<AzureSettings>>();

  constructor(private readonly look: AzureLook) {}

  /** Of the identities that decrypt, those that are accounts of the cluster. */
  get all(): readonly AzureDecryptor[] {
    return this.look.declared.identities.flatMap((identity) => {
      const account = identity.may.includes("decrypt") ? accountOfSubject(identity.subject) : undefined;
      return account ? [{ identity, namespace: account.namespace, serviceAccount: account.name }] : [];
    });
  }

  /** What the account logs in with. @throws Fault where Entra ID gives it no token. */
  as(account: AzureDecryptor, logins: Logins): Promise<AzureSettings> {
    const { name } = account.identity;
    const made = this.made.get(name) ?? this.login(account, logins);
    this.made.set(name, made);
    return made;
  }

  private async login(account: AzureDecryptor, logins: Logins): Promise<AzureSettings> {
    const { identity } = account;
    const jwt = await logins.idTokenFor(account, identity.audience);
    const settings = this.look.settingsFor(identity.clientId, jwt);
    const tokens = new AccessTokens(settings, REAL_CLOCK);
    try {
      await tokens.for({ tenant: this.look.declared.tenantId, scope: `${this.resource}/.default` });
      return settings;
    } catch (error) {
      if (!(error instanceof CliError)) throw error;
      throw new Fault(
        `${account.namespace}/${account.serviceAccount}: ${error.message}`,
        `az identity federated-credential list --identity-name ${identity.name} --resource-group …; pulumi up --refresh`,
      );
    } finally {
      tokens.close();
    }
  }

  /** What the vaults' tokens are for. */
  private get resource(): string {
    const [first] = this.look.declared.keys;
    return (first && vaultHost(new URL(first.url).hostname)?.resource) ?? "";
  }
}
