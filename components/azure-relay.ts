import * as pulumi from "@pulumi/pulumi";
import type { AzurePlace } from "./azure/place";
import { RelayDeployment } from "./azure/relay-deployment";
import { givenPackage, ownPackage } from "./azure/relay-package";
import type { RelaySecret } from "./azure/relay-settings";
import type { RelayStorage } from "./azure/relay-storage";
import { RotationRelay } from "./azure/rotation-relay";
import { type AzureConfig, type RegionalKey, secretsRegion } from "./azure-keys";
import { portOf } from "./config/addresses";

export interface AzureRelayArgs {
  readonly place: AzurePlace;
  readonly keys: readonly RegionalKey[];
  readonly storage: RelayStorage;
  /** Environment variables that are no secrets. */
  readonly settings: Readonly<Record<string, pulumi.Input<string>>>;
  /** Secrets by environment variable. */
  readonly secrets: Readonly<Record<string, RelaySecret>>;
  readonly gitlab: {
    readonly address: string;
    /** PEM text of the CA that signed its certificate. */
    readonly caPem?: pulumi.Output<string> | undefined;
  };
  readonly kubernetes: pulumi.ProviderResource;
}

type Relay = NonNullable<AzureConfig["azure"]["relay"]>;

/** Entra ID's, whose keys the relay judges tokens by. */
const HTTPS = 443;

/** Makes the relay where the config wants it, if it is to be made at all: its address, once it is there. */
export function azureRelay(
  { azure }: AzureConfig,
  relay: Relay,
  args: AzureRelayArgs,
  options: pulumi.ComponentResourceOptions,
): pulumi.Output<string> {
  if ("functionApp" in relay) return functionApp(azure, relay, args, options);
  if (!("deployment" in relay)) return pulumi.output(relay.url);
  const ports = [portOf(args.gitlab.address), ...(relay.entraApplication === undefined ? [] : [HTTPS])];
  const deployment = new RelayDeployment(
    "azure-relay",
    {
      ...relay.deployment,
      url: relay.url,
      settings: args.settings,
      secrets: Object.fromEntries(
        Object.entries(args.secrets).map(([variable, { value }]) => [variable, value]),
      ),
      caPem: args.gitlab.caPem,
      ports: [...new Set(ports)],
    },
    { providers: [args.kubernetes] },
  );
  return deployment.url;
}

function functionApp(
  azure: AzureConfig["azure"],
  relay: Extract<Relay, { functionApp: unknown }>,
  { place, keys, storage, settings, secrets }: AzureRelayArgs,
  options: pulumi.ComponentResourceOptions,
): pulumi.Output<string> {
  const app = relay.functionApp;
  const home = keys.find(({ region }) => region === secretsRegion(azure));
  if (!home || !storage.app)
    throw new Error("there is no place for the relay's secrets, or none for its code");
  const made = new RotationRelay(
    "azure-relay",
    {
      place,
      subscriptionId: azure.subscriptionId,
      prefix: azure.name,
      appName: app.name,
      subnetId: app.subnetId,
      storage,
      appStorage: storage.app,
      vault: home.vault,
      secretsExpire: relay.secretsExpire,
      workspaceId: azure.diagnostics?.workspaceId,
      package: app.package === undefined ? ownPackage() : givenPackage(app.package),
      settings,
      secrets,
    },
    options,
  );
  return made.url;
}
