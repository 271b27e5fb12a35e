import { mkdirSync } from "node:fs";
import type { ToolPaths } from "../toolchain/tool-builder";
import { azureNetwork } from "./azure-environment";
import { AzureServer } from "./azure-server";
import { ClusterServer } from "./cluster-server";
import { Etcd } from "./etcd";
import { confirmFlux, installFlux } from "./flux-install";
import { GitServer } from "./git-server";
import { GitLabServer } from "./gitlab-server";
import { KubeApiServer } from "./kube-apiserver";
import type { Layout } from "./layout";
import { VaultServer } from "./vault-server";

/** One thing to do while the sandbox starts. */
export interface StartStep {
  readonly name: string;
  readonly work: () => Promise<void>;
}

/** What a sandbox can do without. */
export interface SandboxParts {
  readonly azure: boolean;
}

/** Every server of one sandbox. */
export class Sandbox {
  readonly etcd: Etcd;
  readonly apiServer: KubeApiServer;
  readonly vault: VaultServer;
  readonly git: GitServer;
  readonly gitlab: GitLabServer;
  readonly azure: AzureServer;
  readonly cluster: ClusterServer;
  /** Whether Flux's stock manifests, which undo patches of its Deployments, were applied and not confirmed since. */
  fluxApplied = false;

  /** @param tools may fill up while the first steps are at work: each looks for its own only when it starts. */
  constructor(
    readonly layout: Layout,
    readonly tools: ToolPaths,
    private readonly parts: SandboxParts = { azure: true },
  ) {
    mkdirSync(layout.root, { recursive: true, mode: 0o700 });
    const network = parts.azure ? azureNetwork(layout) : undefined;
    this.etcd = new Etcd(layout, tools);
    this.apiServer = new KubeApiServer(layout, tools);
    this.vault = new VaultServer(layout, tools);
    this.git = new GitServer(layout);
    this.gitlab = new GitLabServer(layout, network);
    this.azure = new AzureServer(layout);
    this.cluster = new ClusterServer(layout, tools, network);
  }

  /** What starting comes down to, in order. Each step returns at once where there is nothing to do. */
  get steps(): readonly [servers: StartStep, manifests: StartStep, controllers: StartStep] {
    return [
      {
        name: `Vault, git, GitLab, ${this.parts.azure ? "Azure, " : ""}Kubernetes API server`,
        work: () =>
          this.all(
            this.vault.start(),
            this.git.start().then(() => this.gitlab.start()),
            ...(this.parts.azure ? [this.azure.start()] : []),
            this.etcd.start().then(() => this.apiServer.start()),
          ),
      },
      {
        name: "Flux's stock manifests",
        work: async () => {
          this.fluxApplied = await installFlux(this.layout, this.tools);
        },
      },
      { name: "Flux controllers", work: () => this.cluster.start() },
    ];
  }

  async start(): Promise<void> {
    for (const step of this.steps) await step.work();
  }

  /** To be called once the patches are there again. */
  async confirmFlux(): Promise<void> {
    if (this.fluxApplied) await confirmFlux(this.layout);
    this.fluxApplied = false;
  }

  /** Ends every process, in reverse order. What they have stored stays. */
  async stop(): Promise<void> {
    await this.cluster.stop();
    await this.apiServer.stop();
    await this.all(
      ...[this.etcd, this.azure, this.gitlab, this.git, this.vault].map((server) => server.stop()),
    );
  }

  /** Name of each process → its id while it runs. */
  get processes(): ReadonlyMap<string, number | undefined> {
    const relay = this.cluster.relayPid;
    return new Map([
      ["vault", this.vault.pid],
      ["git", this.git.pid],
      ["gitlab", this.gitlab.pid],
      ...(this.parts.azure ? [["azure", this.azure.pid] as const] : []),
      ["etcd", this.etcd.pid],
      ["kube-apiserver", this.apiServer.pid],
      ["cluster", this.cluster.pid],
      ...this.cluster.controllers,
      // Only where a stack has one.
      ...(relay === undefined ? [] : [["sopsloop-relay", relay] as const]),
    ]);
  }

  /** Waits for all of them before it fails, so that none is still at work afterwards. */
  private async all(...works: readonly Promise<void>[]): Promise<void> {
    const failed = (await Promise.allSettled(works)).find((result) => result.status === "rejected");
    if (failed) throw failed.reason;
  }
}
