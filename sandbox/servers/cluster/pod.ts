import { createHash } from "node:crypto";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { V1Deployment } from "@kubernetes/client-node";
import { Daemon } from "../../processes/daemon";
import { freePorts } from "../../processes/free-port";
import type { ToolPaths } from "../../toolchain/tool-builder";
import type { KubeApi } from "../kube-api";
import type { Layout } from "../layout";
import { AccountFiles } from "./account-files";
import { imageName } from "./controllers";
import { refuseOtherProgram, refuseUnsafe } from "./host-safety";
import { environmentOf } from "./pod-environment";
import type { PodImage } from "./pod-image";
import { hostArguments, hostEnvironment, mountsOf } from "./pod-process";
import { ClusterPodSource, PodNotReady } from "./pod-source";
import { writeVolumes } from "./pod-volumes";

/** How a pod is doing, for the status of its Deployment. */
export interface PodState {
  readonly ready: boolean;
  readonly message: string;
}

export interface PodContext {
  readonly api: KubeApi;
  readonly layout: Layout;
  readonly tools: ToolPaths;
  /** Variables that lead to Azure; empty where there is none. */
  readonly azure: Readonly<Record<string, string>>;
}

/** Seconds between two starts of a process that ends by itself. */
const BACK_OFF_MS = 5_000;

/** The one pod of a Deployment as a host process, with what its template says and as its own service account. */
export class Pod {
  private readonly daemon: Daemon;
  private readonly folder: string;
  private template = "";
  private health = 0;
  private lastStart = 0;
  private account: AccountFiles | undefined;

  constructor(
    private readonly context: PodContext,
    private readonly image: PodImage,
    private readonly namespace: string,
    private readonly name: string,
  ) {
    this.daemon = new Daemon(name, context.layout);
    this.folder = join(context.layout.kubernetes.pods, namespace, name);
    mkdirSync(this.folder, { recursive: true, mode: 0o700 });
  }

  /** Starts the process, restarts it when the template has changed, keeps its volumes and token up to date. */
  async reconcile(deployment: V1Deployment): Promise<PodState> {
    const template = JSON.stringify(deployment.spec?.template.spec);
    const changed = template !== this.template;
    const source = this.sourceOf(deployment, template);
    if (changed || !this.account) this.account = new AccountFiles(this.context.layout, this.folder, source);
    try {
      await this.account.refresh();
      await writeVolumes(deployment.spec?.template.spec?.volumes ?? [], this.folder, source);
      if (changed || this.daemon.pid === undefined) {
        if (!changed && Date.now() < this.lastStart + BACK_OFF_MS) {
          return { ready: false, message: `ended by itself; see ${this.daemon.log}` };
        }
        await this.start(deployment, source);
        this.template = template;
      }
    } catch (error) {
      if (error instanceof PodNotReady) return { ready: false, message: error.message };
      throw error;
    }
    return { ready: await this.isReady(), message: "" };
  }

  stop(): Promise<void> {
    return this.daemon.stop();
  }

  private sourceOf(deployment: V1Deployment, template: string): ClusterPodSource {
    const hash = createHash("sha256").update(template).digest("hex").slice(0, 10);
    const account = deployment.spec?.template.spec?.serviceAccountName ?? "default";
    return new ClusterPodSource(this.context.api, this.namespace, `${this.name}-${hash}`, account);
  }

  private async start(deployment: V1Deployment, source: ClusterPodSource): Promise<void> {
    const container = deployment.spec?.template.spec?.containers[0];
    const { image } = this;
    if (!container || imageName(container.image ?? "") !== image.imageName) {
      throw new PodNotReady(`the sandbox runs ${this.name} from an image named ${image.imageName} only`);
    }
    refuseOtherProgram(container, image);
    const [health = 0] = await freePorts(1);
    const mounts = mountsOf(container, this.folder);
    const variables = await environmentOf(container, source);
    const { ports } = this.context.layout;
    const wished = hostArguments(container, variables, mounts);
    refuseUnsafe(wished, variables, this.folder, image.variables);
    const temporary = mounts.find(({ inside }) => inside === "/tmp")?.outside ?? this.folder;
    const [file = "", ...first] = image.command(this.context.tools);
    await this.daemon.start({
      file,
      args: [...first, ...image.arguments(wished, { ...ports, health })],
      env: {
        ...(image.azure && this.context.azure),
        ...hostEnvironment(variables, mounts),
        PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
        // The person's own home may hold tokens; a container's does not.
        HOME: this.folder,
        TMPDIR: temporary,
        KUBERNETES_SERVICE_HOST: "127.0.0.1",
        KUBERNETES_SERVICE_PORT: String(ports.apiServer),
        KUBECONFIG: this.account?.kubeconfig ?? "",
      },
      cwd: this.folder,
    });
    this.health = health;
    this.lastStart = Date.now();
  }

  private isReady(): Promise<boolean> {
    return fetch(this.image.health({ ...this.context.layout.ports, health: this.health })).then(
      ({ ok }) => ok,
      () => false,
    );
  }
}
