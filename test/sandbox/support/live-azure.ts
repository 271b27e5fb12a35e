import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { AuthorizationManagementClient } from "@azure/arm-authorization";
import { EventGridManagementClient } from "@azure/arm-eventgrid";
import { KeyVaultManagementClient } from "@azure/arm-keyvault";
import { ManagedServiceIdentityClient } from "@azure/arm-msi";
import { ResourceManagementClient } from "@azure/arm-resources";
import type { KeyClient } from "@azure/keyvault-keys";
import type { LiveReading } from "../../../cli/audit/live/live-reading";
import { readLive } from "../../../cli/audit/live/read-live";
import type { StateResource } from "../../../cli/audit/source/state-resource";
import { AzureApi } from "../../../sandbox/servers/azure-api";
import { AZURE } from "../../../sandbox/servers/azure-server";
import { devConfig, withAzure, withGitLab } from "./dev-config";
import { Loop } from "./loop";
import type { Stack } from "./stack";
import { resourcesOf } from "./state-resources";

const [GROUP] = AZURE.resourceGroups;
const VAULT = "kv-sops-dev";
const CRYPTO_USER = "12338af0-0e69-4776-bea7-57ae8d297424";

/** A loop with Azure, which is misconfigured and healed by Azure's own clients. */
export class LiveAzure {
  readonly group = GROUP;
  readonly vaultName = VAULT;
  readonly keyUrl = `https://${VAULT}.vault.azure.net/keys/sops`;
  /** Each reading as it would be written. */
  readonly written: string[] = [];
  private readonly clients;

  private constructor(
    private readonly loop: Loop,
    readonly stack: Stack,
    private readonly azure: AzureApi,
    private readonly outputs: string,
    private readonly resources: readonly StateResource[],
  ) {
    const { credential, options } = azure;
    const { subscriptionId } = AZURE;
    this.clients = {
      roles: new AuthorizationManagementClient(credential, subscriptionId, options).roleAssignments,
      events: new EventGridManagementClient(credential, subscriptionId, options)
        .systemTopicEventSubscriptions,
      vaults: new KeyVaultManagementClient(credential, subscriptionId, options).vaults,
      resources: new ResourceManagementClient(credential, subscriptionId, options).resources,
      identities: new ManagedServiceIdentityClient(credential, subscriptionId, options),
    };
  }

  static async start(name: string): Promise<LiveAzure> {
    const loop = await Loop.start({ azure: true });
    try {
      const { layout } = loop;
      const config = { ...devConfig(layout), ...withGitLab(layout), ...withAzure(layout) };
      const stack = await loop.stack(name, config);
      await stack.up();
      const outputs = join(layout.root, "outputs.json");
      writeFileSync(outputs, JSON.stringify(await stack.outputs()));
      // Which proxy leads to Azure is the process's own business, as with every HTTP client.
      for (const variable of ["HTTPS_PROXY", "https_proxy", "NO_PROXY", "no_proxy"])
        process.env[variable] = loop.env[variable];
      return new LiveAzure(loop, stack, AzureApi.deployer(layout), outputs, await resourcesOf(stack));
    } catch (error) {
      await loop.stop();
      throw error;
    }
  }

  /** What the audit sees as somebody with these variables beside the deployer's own. */
  async read(env: Readonly<Record<string, string>> = {}): Promise<LiveReading> {
    const outputs: unknown = JSON.parse(readFileSync(this.outputs, "utf8"));
    const reading = await readLive({ outputs, resources: this.resources, env: { ...this.loop.env, ...env } });
    this.written.push(JSON.stringify(reading));
    return reading;
  }

  /** ARM id of the resource group, the vault, and the key. */
  get ids() {
    const group = `/subscriptions/${AZURE.subscriptionId}/resourceGroups/${GROUP}`;
    const vault = `${group}/providers/Microsoft.KeyVault/vaults/${VAULT}`;
    return { group, vault, key: `${vault}/keys/sops` };
  }

  get vaults() {
    return this.clients.vaults;
  }

  get identities() {
    return this.clients.identities;
  }

  get events() {
    return this.clients.events;
  }

  get keys(): KeyClient {
    return this.azure.keys(`https://${VAULT}.vault.azure.net`);
  }

  /** Gives somebody the role that decrypts. @returns what takes it back */
  async assign(principalId: string, scope: string): Promise<() => Promise<unknown>> {
    const name = crypto.randomUUID();
    const roleDefinitionId = `/subscriptions/${AZURE.subscriptionId}/providers/Microsoft.Authorization/roleDefinitions/${CRYPTO_USER}`;
    const parameters = { principalId, principalType: "ServicePrincipal", roleDefinitionId };
    await this.clients.roles.create(scope, name, parameters);
    return () => this.clients.roles.delete(scope, name);
  }

  /** Takes the vault's diagnostic setting away. */
  async unlog(): Promise<void> {
    const { resources } = this.clients;
    const path = `${this.ids.vault}/providers/Microsoft.Insights/diagnosticSettings/audit`;
    await resources.beginDeleteByIdAndWait(path, "2021-05-01-preview", { updateIntervalInMs: 20 });
  }

  /** Object id of an identity of the resource group; it is made where it is not there. */
  async principal(identity: string): Promise<string> {
    const { userAssignedIdentities: all } = this.clients.identities;
    const found = await all
      .get(GROUP, identity)
      .catch(() => all.createOrUpdate(GROUP, identity, { location: AZURE.location }));
    return found.principalId ?? "";
  }

  async stop(): Promise<void> {
    this.azure.close();
    await this.loop.stop();
  }
}
