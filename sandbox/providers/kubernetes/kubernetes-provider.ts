import type { InputFailure, PlainMap, StandInProvider } from "../engine/resource-type";
import { Cluster } from "./cluster";
import { ObjectTypes } from "./object-types";
import { DEFAULT_SETTINGS, readSettings, SETTING_KEYS, SWITCH_KEYS, settingFailures } from "./settings";

/** Stands in for pulumi-kubernetes: real API calls, server-side apply, one cluster a process. */
export class KubernetesProvider implements StandInProvider<Cluster> {
  readonly name = "kubernetes";
  readonly version = "4.34.2";
  readonly configKeys = SETTING_KEYS;
  /** A kubeconfig given as content holds keys and tokens. */
  readonly secretConfigKeys = ["kubeconfig"];
  readonly jsonConfigKeys = SWITCH_KEYS;
  /** The diff needs the settings but is not handed the cluster. */
  private settings = DEFAULT_SETTINGS;
  readonly types = new ObjectTypes(() => this.settings);

  checkConfig(config: PlainMap): readonly InputFailure[] {
    return settingFailures(config);
  }

  async configure(config: PlainMap): Promise<Cluster> {
    const [failure] = settingFailures(config);
    if (failure !== undefined) throw new Error(failure.reason);
    this.settings = readSettings(config);
    return Cluster.open(this.settings);
  }

  cancel(cluster: Cluster): void {
    cluster.client.close();
  }
}
