import * as pulumi from "@pulumi/pulumi";
import type { AzurePlace } from "./azure/place";
import { relayAnswers } from "./azure/relay-answers";
import { type RelayAuth, relaySecrecy, relaySettings } from "./azure/relay-settings";
import { RelayStorage } from "./azure/relay-storage";
import { RotationEvents } from "./azure/rotation-events";
import type { AzureConfig, RegionalKey } from "./azure-keys";
import { azureRelay } from "./azure-relay";

/** The deploy repository in GitLab, whose pipelines a rotation starts. */
export interface RotatedInto {
  /** GitLab's URL, without a slash at the end. */
  readonly address: string;
  /** PEM text of the CA that signed its certificate; absent for a public one. */
  readonly caPem?: pulumi.Output<string> | undefined;
  readonly projectId: pulumi.Output<string>;
  /** Trigger token by name, secret. */
  readonly triggerTokens: pulumi.Output<Readonly<Record<string, string>>>;
}

/** What the rotation takes from the rest of the Azure half. */
export interface AzureRotationArgs {
  readonly place: AzurePlace;
  readonly keys: readonly RegionalKey[];
  readonly gitlab: RotatedInto;
  /** The cluster that the relay runs in, where it does. */
  readonly kubernetes: pulumi.ProviderResource;
}

/** The relay's paths, the same wherever it runs. */
const EVENTS = "/events";
const RUNS = "/healthz";

/** What happens when a key rotates: Event Grid tells the relay, which starts a pipeline. Nothing without `azure.relay`. */
export function azureRotation(
  config: AzureConfig,
  { place, keys, gitlab, kubernetes }: AzureRotationArgs,
  options: pulumi.ComponentResourceOptions,
) {
  const { azure, gitlab: settings, flux, relayReadToken } = config;
  const { relay, network, subscriptionId, name: prefix, key, tenantId } = azure;
  if (!relay) return undefined;
  const app = "functionApp" in relay ? relay.functionApp : undefined;
  const storage = new RelayStorage(
    "azure-relay",
    {
      place,
      accountName: relay.storageAccount,
      allowedIps: [...network.allowedIps, ...relay.allowedIps],
      allowedSubnets: [...network.allowedSubnets, ...relay.allowedSubnets, ...(app ? [app.subnetId] : [])],
      functionApp: app !== undefined,
    },
    options,
  );

  const auth: RelayAuth =
    relay.entraApplication === undefined
      ? { mode: "secret", secretIn: relay.secretIn }
      : { mode: "entra", tenantId, application: relay.entraApplication, replayers: relay.replayers };
  const { secrets, proof } = relaySecrecy(
    settings?.triggers ?? [],
    gitlab.triggerTokens,
    auth,
    relayReadToken,
  );
  const subscription = `${prefix}-rotations`;
  const environment = relaySettings({
    gitlab: { url: gitlab.address, project: gitlab.projectId, branch: flux.source.branch },
    keys: keys.map(({ region }) => `${azure.vaults[region]?.name}/${key.name}`),
    subscription,
    auth,
  });

  const url = azureRelay(
    config,
    relay,
    { place, keys, storage, settings: environment, secrets, gitlab, kubernetes },
    options,
  );
  const events = new RotationEvents(
    "azure-events",
    {
      subscriptionId,
      prefix,
      subscription,
      vaults: Object.fromEntries(
        keys.map(({ region, vault, place: home }) => [region, { vault, place: home }]),
      ),
      key: key.name,
      endpointUrl: url.apply(answering),
      proof,
      storage,
    },
    // A key's first version is no rotation, and would start a pipeline.
    { ...options, dependsOn: keys.map((regional) => regional.key) },
  );

  return {
    url,
    /** What a relay that runs elsewhere has to be told; its secrets are secret. */
    environment,
    secrets: Object.fromEntries(Object.entries(secrets).map(([variable, { value }]) => [variable, value])),
    subscriptionIds: events.subscriptionIds,
  };
}

/**
 * Where the relay takes events, told once it runs. Event Grid calls it before it makes a subscription or changes one, and a preview makes
 * none. Not whether it is ready: that hangs on GitLab too, whose bad day must not stop an update.
 */
async function answering(url: string): Promise<string> {
  if (!pulumi.runtime.isDryRun()) await relayAnswers(`${url}${RUNS}`);
  return `${url}${EVENTS}`;
}
