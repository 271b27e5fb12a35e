import { join } from "node:path";
import { writeKubeconfig } from "../kubeconfig";
import type { Layout } from "../layout";
import type { PodSource } from "./pod-source";
import { replaceFile } from "./pod-volumes";

const TOKEN_SECONDS = 3600;

/**
 * A pod's own credentials: the projected token that admission would mount under /var/run/secrets, and a kubeconfig that
 * reads it, because a host process has no such folder. The token is renewed at 80 % of its life, as the kubelet does.
 */
export class AccountFiles {
  private renewAt = 0;

  constructor(
    private readonly layout: Layout,
    private readonly folder: string,
    private readonly source: PodSource,
  ) {}

  get kubeconfig(): string {
    return join(this.folder, "kubeconfig");
  }

  async refresh(): Promise<void> {
    if (Date.now() < this.renewAt) return;
    const tokenFile = join(this.folder, "serviceaccount", "token");
    replaceFile(tokenFile, await this.source.token(undefined, TOKEN_SECONDS));
    const { address, ca } = this.layout.kubernetes;
    writeKubeconfig(this.kubeconfig, { server: address, ca, user: { tokenFile } });
    this.renewAt = Date.now() + TOKEN_SECONDS * 800;
  }
}
