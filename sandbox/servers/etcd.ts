import { mkdirSync, readFileSync } from "node:fs";
import { Daemon } from "../processes/daemon";
import type { ToolPaths } from "../toolchain/tool-builder";
import { CertificateAuthority, type KeyPairFiles } from "./certificate-authority";
import { plainEnvironment, toolIn } from "./environment";
import { HttpsJson } from "./https-json";
import type { Layout } from "./layout";

/**
 * The API server's store, for clients with a certificate only. Loses its last writes if the machine crashes: a sandbox
 * need not wait for the disk.
 */
export class Etcd {
  private readonly daemon: Daemon;

  constructor(
    private readonly layout: Layout,
    private readonly tools: ToolPaths,
  ) {
    this.daemon = new Daemon("etcd", layout);
  }

  get pid(): number | undefined {
    return this.daemon.pid;
  }

  async start(): Promise<void> {
    const { etcd } = this.layout;
    const authority = await CertificateAuthority.open(etcd.folder, "sopsloop sandbox etcd CA");
    const serving = await authority.issue("server", { commonName: "etcd", hosts: ["127.0.0.1"] });
    await authority.issue("client", { commonName: "kube-apiserver" });
    mkdirSync(etcd.data, { recursive: true, mode: 0o700 });
    await this.daemon.start({
      file: toolIn(this.tools, "etcd"),
      args: this.args(serving),
      env: plainEnvironment(),
      cwd: etcd.folder,
    });
    const client = new HttpsJson({
      address: etcd.address,
      ca: readFileSync(etcd.ca, "utf8"),
      cert: readFileSync(etcd.clientCertificate, "utf8"),
      key: readFileSync(etcd.clientKey, "utf8"),
    });
    const healthy = () =>
      client.send("GET", "/health").then(
        ({ status }) => status === 200,
        () => false,
      );
    try {
      await this.daemon.ready(healthy, 60_000);
    } finally {
      client.close();
    }
  }

  stop(): Promise<void> {
    return this.daemon.stop();
  }

  private args(serving: KeyPairFiles): string[] {
    const { etcd, ports } = this.layout;
    const peer = `https://127.0.0.1:${ports.etcdPeer}`;
    return [
      `--data-dir=${etcd.data}`,
      `--listen-client-urls=${etcd.address}`,
      `--advertise-client-urls=${etcd.address}`,
      `--cert-file=${serving.certificate}`,
      `--key-file=${serving.key}`,
      `--trusted-ca-file=${etcd.ca}`,
      "--client-cert-auth",
      // It has no peers, but listens for them.
      `--listen-peer-urls=${peer}`,
      `--initial-advertise-peer-urls=${peer}`,
      `--initial-cluster=default=${peer}`,
      `--peer-cert-file=${serving.certificate}`,
      `--peer-key-file=${serving.key}`,
      `--peer-trusted-ca-file=${etcd.ca}`,
      "--peer-client-cert-auth",
      // Would log in to its own server with the server's certificate, which is none for a client.
      "--enable-grpc-gateway=false",
      "--unsafe-no-fsync",
      "--log-level=warn",
    ];
  }
}
