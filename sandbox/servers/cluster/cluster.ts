import type { ToolPaths } from "../../toolchain/tool-builder";
import { KubeApi } from "../kube-api";
import type { Layout } from "../layout";
import { CLAIMS, ClaimProtection } from "./claim-protection";
import { Ingress } from "./ingress";
import { DEPLOYMENTS, Kubelet } from "./kubelet";
import { NamespaceDefaults } from "./namespace-defaults";
import { NamespaceDeletion } from "./namespace-deletion";
import { ReconcileLoop } from "./reconcile-loop";
import { ServiceAccountTokens, TOKEN_SECRETS } from "./service-account-tokens";

/** What a cluster has beside its API server, as far as the loop needs it: parts of the controller manager, a kubelet, an ingress. */
export class Cluster {
  private readonly api: KubeApi;
  private readonly kubelet: Kubelet;
  private readonly loops: readonly ReconcileLoop[];
  private readonly ingress: Ingress | undefined;

  /**
   * The API server must have been started once: its files are read here.
   *
   * @param azure variables that lead to Azure, where there is one.
   */
  constructor(layout: Layout, tools: ToolPaths, azure?: Readonly<Record<string, string>>) {
    const api = KubeApi.admin(layout);
    const tokens = new ServiceAccountTokens(api, layout);
    const defaults = new NamespaceDefaults(api, layout);
    const deletion = new NamespaceDeletion(api);
    const claims = new ClaimProtection(api);
    const kubelet = new Kubelet({ api, layout, tools, azure: azure ?? {} });
    this.ingress = azure && new Ingress(layout);
    const namespaces = ["/api/v1/namespaces"];
    this.api = api;
    this.kubelet = kubelet;
    this.loops = [
      new ReconcileLoop({
        name: "service account tokens",
        api,
        watches: [TOKEN_SECRETS, "/api/v1/serviceaccounts"],
        everyMs: 30_000,
        work: () => tokens.reconcile(),
      }),
      new ReconcileLoop({
        name: "namespace defaults",
        api,
        watches: namespaces,
        everyMs: 30_000,
        work: () => defaults.reconcile(),
      }),
      new ReconcileLoop({
        name: "namespace deletion",
        api,
        watches: namespaces,
        everyMs: 500,
        work: () => deletion.reconcile(),
      }),
      new ReconcileLoop({
        name: "claim protection",
        api,
        watches: [CLAIMS],
        everyMs: 2_000,
        work: () => claims.reconcile(),
      }),
      new ReconcileLoop({
        name: "kubelet",
        api,
        watches: [DEPLOYMENTS],
        everyMs: 1_000,
        work: () => kubelet.reconcile(),
      }),
    ];
  }

  async start(): Promise<void> {
    await this.ingress?.start();
    for (const loop of this.loops) loop.start();
  }

  /** Ends the loops, then every process they have started. */
  async stop(): Promise<void> {
    await Promise.all(this.loops.map((loop) => loop.stop()));
    await this.ingress?.stop();
    await this.kubelet.stop();
    this.api.close();
  }
}
