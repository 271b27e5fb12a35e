import { mkdirSync } from "node:fs";
import { Daemon } from "../processes/daemon";
import type { ToolPaths } from "../toolchain/tool-builder";
import { plainEnvironment, toolIn } from "./environment";
import type { Layout } from "./layout";

/** The API server's store. Loses its last writes if the machine crashes: a sandbox need not wait for the disk. */
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
    const { etcd, etcdPeer } = this.layout.ports;
    const client = `http://127.0.0.1:${etcd}`;
    const peer = `http://127.0.0.1:${etcdPeer}`;
    mkdirSync(this.layout.kubernetes.etcdData, { recursive: true, mode: 0o700 });
    await this.daemon.start({
      file: toolIn(this.tools, "etcd"),
      args: [
        `--data-dir=${this.layout.kubernetes.etcdData}`,
        `--listen-client-urls=${client}`,
        `--advertise-client-urls=${client}`,
        `--listen-peer-urls=${peer}`,
        `--initial-advertise-peer-urls=${peer}`,
        `--initial-cluster=default=${peer}`,
        "--unsafe-no-fsync",
        "--log-level=warn",
      ],
      env: plainEnvironment(),
      cwd: this.layout.kubernetes.folder,
    });
    const healthy = () =>
      fetch(`${client}/health`).then(
        ({ ok }) => ok,
        () => false,
      );
    await this.daemon.ready(healthy, 30_000);
  }

  stop(): Promise<void> {
    return this.daemon.stop();
  }
}
