import { writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, vi } from "vitest";
import { azureNativeProvider } from "../../../../sandbox/providers/azure-native/provider";
import type { PlainMap } from "../../../../sandbox/providers/engine/resource-type";
import { type TestAzure, testAzure } from "../../../emulators/azure/support/test-azure";
import { type TestIssuer, testIssuer } from "../../../emulators/azure/support/test-issuer";
import { PluginClient } from "../../plugin-client";
import { BUNDLE, type Place } from "./cases";

/** The sandbox's Azure with a plugin that was told of it, and the site `sops-relay`, which consents to Event Grid's handshake. */
export interface SandboxAzure {
  readonly azure: TestAzure;
  readonly place: Place;
  readonly plugin: PluginClient;
  /** Whose tokens Azure takes where a federated credential says so. */
  readonly issuer: TestIssuer;
  /** Another plugin, whose config is this and where it is. */
  configured(config: PlainMap): Promise<PluginClient>;
}

/** Sets the hooks of a test file: one Azure for all of its tests. What it gives is there in tests alone. */
export function sandboxAzure(): SandboxAzure {
  let started: { azure: TestAzure; place: Place; issuer: TestIssuer } | undefined;
  const plugins: PluginClient[] = [];
  const relay = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const [event] = JSON.parse(Buffer.concat(chunks).toString("utf8")) as [
      { data: { validationCode: string } },
    ];
    response.end(JSON.stringify({ validationResponse: event.data.validationCode }));
  });

  const configured = async (config: PlainMap): Promise<PluginClient> => {
    const { tenantId, subscriptionId } = the(started).azure;
    const plugin = await PluginClient.inProcess(azureNativeProvider);
    plugins.push(plugin);
    await plugin.configure({ tenantId, subscriptionId, ...config });
    return plugin;
  };

  beforeAll(async () => {
    for (const name of Object.keys(process.env).filter((one) => /^(ARM|AZURE)_|_PROXY$/i.test(one)))
      vi.stubEnv(name, undefined);
    const issuer = await testIssuer();
    const azure = await testAzure({ retryAfter: 0, issuers: [issuer] });
    started = { azure, issuer, place: placeIn(azure) };
    await new Promise<void>((resolve) => relay.listen(0, "127.0.0.1", resolve));
    const address = `http://127.0.0.1:${(relay.address() as AddressInfo).port}`;
    await azure.admin("PUT", "/sites/sops-relay", { address });
    vi.stubEnv("HTTPS_PROXY", azure.address);
    vi.stubEnv("SSL_CERT_FILE", azure.azure.ca);
    const { clientId, secret } = azure.deployer;
    await configured({ clientId, clientSecret: secret });
  });
  afterAll(async () => {
    vi.unstubAllEnvs();
    await Promise.all(plugins.map((plugin) => plugin.close()));
    relay.closeAllConnections();
    relay.close();
    await started?.azure.close();
    await started?.issuer.close();
  });

  return {
    get azure() {
      return the(started).azure;
    },
    get place() {
      return the(started).place;
    },
    get issuer() {
      return the(started).issuer;
    },
    get plugin() {
      return the(plugins[0]);
    },
    configured,
  };
}

function placeIn({ tenantId, subscriptionId, deployer, folder }: TestAzure): Place {
  const bundle = join(folder, "relay.zip");
  writeFileSync(bundle, BUNDLE);
  const subscription = `/subscriptions/${subscriptionId}`;
  return {
    ...{ tenantId, subscriptionId, bundle, objectId: deployer.objectId },
    idOf: (type, name) => `${subscription}/resourceGroups/rg/providers/${type}/${name}`,
    roleId: (name) => `${subscription}/providers/Microsoft.Authorization/roleDefinitions/${name}`,
  };
}

function the<Thing>(thing: Thing | undefined): Thing {
  if (thing === undefined) throw new Error("it is there in a test alone");
  return thing;
}
