import { AzureError } from "../http/azure-error";
import type { AzureHttp } from "../http/azure-http";
import { mapIn } from "../http/json";
import type { Cloud } from "../login/clouds";
import type { EntraLogin } from "../login/entra-login";

const API_VERSION = "7.4";

/** A vault's own API, for what ARM has no way to do: deleting keys and secrets. */
export class KeyVaultClient {
  constructor(
    private readonly http: AzureHttp,
    private readonly login: EntraLogin,
    private readonly cloud: Pick<Cloud, "keyVaultDns">,
  ) {}

  /** Azure keeps what was deleted for the vault's retention time. Succeeds when it is gone already. */
  async delete(vault: string, kind: "keys" | "secrets", name: string): Promise<void> {
    const { keyVaultDns } = this.cloud;
    const doing = `delete ${kind.slice(0, -1)} ${name} of ${vault}`;
    const answer = await this.http.send({
      method: "DELETE",
      url: new URL(
        `https://${vault}.${keyVaultDns}/${kind}/${encodeURIComponent(name)}?api-version=${API_VERSION}`,
      ),
      headers: {
        Authorization: `Bearer ${await this.login.token(`https://${keyVaultDns}`)}`,
        Accept: "application/json",
      },
      doing,
    });
    if (answer.status !== 404 && answer.status >= 300)
      throw new AzureError(answer.status, mapIn(answer), doing);
  }
}
