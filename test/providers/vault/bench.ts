import { expect } from "vitest";
import type { PlainMap } from "../../../sandbox/providers/engine/resource-type";
import { vaultProvider } from "../../../sandbox/providers/vault/provider";
import { PluginClient, type Resource } from "../plugin-client";
import { VaultProcess } from "./vault-process";

/** The stand-in, configured for a Vault of its own. */
export class Bench {
  private constructor(
    readonly vault: VaultProcess,
    readonly plugin: PluginClient,
  ) {}

  static async start(): Promise<Bench> {
    const vault = await VaultProcess.start();
    const plugin = await PluginClient.inProcess(vaultProvider);
    await plugin.configure({ ...vault.config, token: vault.token });
    return new Bench(vault, plugin);
  }

  async stop(): Promise<void> {
    await this.plugin.close();
    await this.vault.stop();
  }

  /**
   * After a create or an update nothing is left to do, a refresh sees no drift, and an import by id is the same thing but
   * for the inputs in `hidden`, which Vault does not tell.
   */
  async expectSettled(
    type: string,
    resource: Resource,
    inputs: PlainMap,
    hidden: PlainMap = {},
  ): Promise<void> {
    const { plugin } = this;
    const checked = await plugin.check(type, inputs);
    expect(await plugin.diff(type, resource, checked)).toMatchObject({ changed: false });
    expect(await plugin.read(type, resource)).toEqual(resource);
    const imported = await plugin.read(type, resource.id);
    if (imported === undefined) throw new Error(`nothing to import at ${resource.id}`);
    expect(await plugin.diff(type, imported, { ...checked, ...hidden })).toMatchObject({ changed: false });
  }
}
