import { join } from "node:path";
import { run } from "../../../sandbox/processes/run";
import { CertificateAuthority } from "../../../sandbox/servers/certificate-authority";
import { writeKubeconfig } from "../../../sandbox/servers/kubeconfig";
import type { Loop } from "./loop";

const DOCS = join(__dirname, "..", "..", "..", "docs");

/** Somebody who is in one group, and may do what is granted to it. */
export class ClusterUser {
  private constructor(
    private readonly loop: Loop,
    private readonly group: string,
    readonly kubeconfig: string,
  ) {}

  static async in(loop: Loop, group: string): Promise<ClusterUser> {
    const { root, kubernetes } = loop.layout;
    const [, name = group] = group.split(":");
    const authority = await CertificateAuthority.open(kubernetes.folder, "sopsloop sandbox Kubernetes CA");
    const { certificate, key } = await authority.issue(name, { commonName: name, organization: group });
    const kubeconfig = join(root, `kubeconfig-${name}`);
    const user = { "client-certificate": certificate, "client-key": key };
    writeKubeconfig(kubeconfig, { server: kubernetes.address, ca: kubernetes.ca, user });
    return new ClusterUser(loop, group, kubeconfig);
  }

  /** Applies a file of docs/, which grants something to the group. */
  async grant(file: string): Promise<void> {
    await this.admin("apply", "--filename", join(DOCS, file));
  }

  /** Makes a namespace in which the group has a role of the cluster, as the file's first lines say. */
  async grantIn(namespace: string, role: string): Promise<void> {
    await this.admin("create", "namespace", namespace);
    const words = [`--clusterrole=${role}`, `--group=${this.group}`, `--namespace=${namespace}`];
    await this.admin("create", "rolebinding", "sopsloop-deployer", ...words);
  }

  /** What the API server answers to this user's kubectl; "" where it does as it is told. */
  async refusal(words: readonly string[], input = ""): Promise<string> {
    const env = { ...this.loop.env, KUBECONFIG: this.kubeconfig };
    return run("kubectl", [...words], { env, input }).then(
      () => "",
      (error: unknown) => String(error),
    );
  }

  private async admin(...words: string[]): Promise<void> {
    await run("kubectl", words, { env: this.loop.env });
  }
}
