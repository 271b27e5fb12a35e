import { afterAll, afterEach, beforeAll, beforeEach, vi } from "vitest";
import { azureNativeProvider } from "../../../../sandbox/providers/azure-native/provider";
import type { PlainMap } from "../../../../sandbox/providers/engine/resource-type";
import { PluginClient } from "../../plugin-client";
import { RecordedAzure } from "./recorded-azure";

/** The variables of the official provider, which must not come from whoever runs the tests. */
const OWN = /^(ARM|AZURE|ACTIONS)_|^(HTTPS?|ALL|NO)_PROXY$|^SSL_CERT_FILE$/i;

/** What a test of the plugin has: a recorded Azure of its own, and a plugin that was told of it, both empty before each test. */
export interface AzureTest {
  readonly azure: RecordedAzure;
  readonly plugin: PluginClient;
  /** Another plugin, with this config besides. */
  configured(config: PlainMap): Promise<PluginClient>;
}

/** Sets the hooks of a test file. What it gives is there in tests alone. */
export function azureTest(): AzureTest {
  let azure: RecordedAzure | undefined;
  let plugins: PluginClient[] = [];

  const configured = async (config: PlainMap): Promise<PluginClient> => {
    const plugin = await PluginClient.inProcess(azureNativeProvider);
    plugins.push(plugin);
    await plugin.configure({ ...the(azure).config, ...config });
    return plugin;
  };

  beforeAll(async () => {
    azure = await RecordedAzure.start();
  });
  afterAll(() => the(azure).stop());
  beforeEach(async () => {
    for (const name of Object.keys(process.env).filter((variable) => OWN.test(variable)))
      vi.stubEnv(name, undefined);
    for (const [name, value] of Object.entries(the(azure).environment)) vi.stubEnv(name, value);
    the(azure).forget();
    await configured({});
  });
  afterEach(async () => {
    vi.unstubAllEnvs();
    await Promise.all(plugins.map((plugin) => plugin.close()));
    plugins = [];
  });

  return {
    get azure() {
      return the(azure);
    },
    get plugin() {
      return the(plugins[0]);
    },
    configured,
  };
}

function the<Thing>(thing: Thing | undefined): Thing {
  if (thing === undefined) throw new Error("it is there in a test alone");
  return thing;
}
