import { generateKeyPairSync } from "node:crypto";
import { existsSync, writeFileSync } from "node:fs";
import { Daemon } from "../processes/daemon";
import type { ToolPaths } from "../toolchain/tool-builder";
import { CertificateAuthority } from "./certificate-authority";
import { plainEnvironment, toolIn } from "./environment";
import { KubeApi } from "./kube-api";
import { writeKubeconfig } from "./kubeconfig";
import type { Layout } from "./layout";

/** Lets Vault read the issuer's metadata and keys without logging in, as a managed cluster's public issuer does. */
const ISSUER_BINDING = {
  apiVersion: "rbac.authorization.k8s.io/v1",
  kind: "ClusterRoleBinding",
  metadata: { name: "sandbox-issuer-discovery" },
  roleRef: {
    apiGroup: "rbac.authorization.k8s.io",
    kind: "ClusterRole",
    name: "system:service-account-issuer-discovery",
  },
  subjects: [{ apiGroup: "rbac.authorization.k8s.io", kind: "Group", name: "system:unauthenticated" }],
};

/** kube-apiserver with RBAC and a service account issuer at its own address, and the admin's kubeconfig. */
export class KubeApiServer {
  private readonly daemon: Daemon;

  constructor(
    private readonly layout: Layout,
    private readonly tools: ToolPaths,
  ) {
    this.daemon = new Daemon("kube-apiserver", layout);
  }

  get pid(): number | undefined {
    return this.daemon.pid;
  }

  /** etcd must run. */
  async start(): Promise<void> {
    const { etcd, kubernetes, ports } = this.layout;
    const authority = await CertificateAuthority.open(kubernetes.folder, "sopsloop sandbox Kubernetes CA");
    const hosts = [
      "127.0.0.1",
      "localhost",
      "kubernetes",
      "kubernetes.default",
      "kubernetes.default.svc",
      "10.0.0.1",
    ];
    const serving = await authority.issue("apiserver", { commonName: "kube-apiserver", hosts });
    const admin = await authority.issue("admin", {
      commonName: "sandbox-admin",
      organization: "system:masters",
    });
    writeKubeconfig(kubernetes.kubeconfig, {
      server: kubernetes.address,
      ca: kubernetes.ca,
      user: { "client-certificate": admin.certificate, "client-key": admin.key },
    });
    this.signingKeys();
    await this.daemon.start({
      file: toolIn(this.tools, "kube-apiserver"),
      args: [
        `--etcd-servers=${etcd.address}`,
        `--etcd-cafile=${etcd.ca}`,
        `--etcd-certfile=${etcd.clientCertificate}`,
        `--etcd-keyfile=${etcd.clientKey}`,
        "--bind-address=127.0.0.1",
        "--advertise-address=127.0.0.1",
        `--secure-port=${ports.apiServer}`,
        `--tls-cert-file=${serving.certificate}`,
        `--tls-private-key-file=${serving.key}`,
        `--client-ca-file=${kubernetes.ca}`,
        `--service-account-key-file=${kubernetes.publicKey}`,
        `--service-account-signing-key-file=${kubernetes.signingKey}`,
        `--service-account-issuer=${kubernetes.address}`,
        `--service-account-jwks-uri=${kubernetes.address}/openid/v1/jwks`,
        "--service-cluster-ip-range=10.0.0.0/24",
        "--authorization-mode=RBAC",
        "--endpoint-reconciler-type=none",
        "--profiling=false",
        // No collector runs here, and without this a deletion in the foreground would wait for one for ever.
        "--enable-garbage-collector=false",
      ],
      env: plainEnvironment(),
      cwd: kubernetes.folder,
    });
    const api = KubeApi.admin(this.layout);
    try {
      await this.daemon.ready(() => api.isReady(), 60_000);
      await publishIssuer(api);
    } finally {
      api.close();
    }
  }

  /** It holds nothing that etcd has not, and would otherwise wait for watches to end. */
  stop(): Promise<void> {
    return this.daemon.stop(5_000);
  }

  /** RSA, because every client of a cluster's issuer can verify it. */
  private signingKeys(): void {
    const { signingKey, publicKey } = this.layout.kubernetes;
    if (existsSync(signingKey) && existsSync(publicKey)) return;
    const pair = generateKeyPairSync("rsa", {
      modulusLength: 2048,
      privateKeyEncoding: { type: "pkcs1", format: "pem" },
      publicKeyEncoding: { type: "spki", format: "pem" },
    });
    writeFileSync(signingKey, pair.privateKey, { mode: 0o600 });
    writeFileSync(publicKey, pair.publicKey);
  }
}

async function publishIssuer(api: KubeApi): Promise<void> {
  const path = "/apis/rbac.authorization.k8s.io/v1/clusterrolebindings";
  if (!(await api.find(`${path}/${ISSUER_BINDING.metadata.name}`))) await api.create(path, ISSUER_BINDING);
}
