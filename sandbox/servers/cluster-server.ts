import { join } from "node:path";
import type { V1Deployment } from "@kubernetes/client-node";
import { Daemon } from "../processes/daemon";
import type { ToolPaths } from "../toolchain/tool-builder";
import { CONTROLLERS } from "./cluster/controllers";
import { RELAY } from "./cluster/relay-image";
import { KubeApi } from "./kube-api";
import type { Layout } from "./layout";
import { nodeLaunch } from "./node-launch";

/** The parts of a cluster beside the API server, as one background process; see `cluster/`. */
export class ClusterServer {
  private readonly daemon: Daemon;
  private readonly pods: readonly Daemon[];
  private readonly relay: Daemon;

  constructor(
    private readonly layout: Layout,
    private readonly tools: ToolPaths,
    /** Variables that lead to Azure, where there is one. */
    private readonly azure?: Readonly<Record<string, string>>,
  ) {
    this.daemon = new Daemon("cluster", layout);
    this.pods = [...CONTROLLERS.keys()].map((name) => new Daemon(name, layout));
    this.relay = new Daemon(RELAY.name, layout);
  }

  get pid(): number | undefined {
    return this.daemon.pid;
  }

  /** Id of the relay's process; undefined where no stack has one. */
  get relayPid(): number | undefined {
    return this.relay.pid;
  }

  /** Ids of the Flux controllers that run now. */
  get controllers(): ReadonlyMap<string, number | undefined> {
    return new Map(this.pods.map((pod) => [pod.name, pod.pid]));
  }

  /** The API server must run, and Flux be installed. Resolves when the controllers are ready. */
  async start(): Promise<void> {
    const controllers = [...CONTROLLERS.values()].map(({ binary }) => [binary, this.tools.get(binary) ?? ""]);
    await this.daemon.start(
      nodeLaunch(join(__dirname, "cluster", "main.ts"), [
        this.layout.root,
        JSON.stringify(this.layout.ports),
        JSON.stringify(Object.fromEntries(controllers)),
        JSON.stringify(this.azure ?? null),
      ]),
    );
    await this.ready();
  }

  /** Waits until every Flux controller runs with the current template of its Deployment and says it is ready. */
  async ready(timeoutMs = 60_000): Promise<void> {
    const api = KubeApi.admin(this.layout);
    try {
      await this.daemon.ready(async () => {
        const found = await Promise.all(
          [...CONTROLLERS.keys()].map((name) =>
            api.find<V1Deployment>(`/apis/apps/v1/namespaces/flux-system/deployments/${name}`),
          ),
        );
        return found.every(isAvailable) && this.pods.every((pod) => pod.pid !== undefined);
      }, timeoutMs);
    } finally {
      api.close();
    }
  }

  /** Also ends controllers that a killed process left behind. */
  async stop(): Promise<void> {
    await this.daemon.stop(25_000);
    await Promise.all([...this.pods, this.relay].map((pod) => pod.stop()));
  }
}

function isAvailable(deployment: V1Deployment | undefined): boolean {
  return (
    deployment?.status?.observedGeneration === deployment?.metadata?.generation &&
    deployment?.status?.availableReplicas === 1
  );
}
