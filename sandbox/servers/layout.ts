import { join } from "node:path";
import type { DaemonFolders } from "../processes/daemon";
import { freePorts } from "../processes/free-port";

/** Ports on 127.0.0.1, one for each thing that listens. */
export interface Ports {
  readonly vault: number;
  readonly vaultCluster: number;
  readonly apiServer: number;
  readonly etcd: number;
  readonly etcdPeer: number;
  readonly git: number;
  /** Where source-controller serves its artifacts. */
  readonly artifacts: number;
  readonly gitlab: number;
  /** Where notification-controller takes events from the other controllers. */
  readonly events: number;
  /** Where notification-controller takes webhooks. */
  readonly receiver: number;
  /** The proxy behind which Azure's host names lead to its emulator. */
  readonly azure: number;
  /** Where the cluster takes requests from outside, with TLS. */
  readonly ingress: number;
  /** Where the relay's pod listens, behind the ingress. */
  readonly relay: number;
}

/** What the committed Pulumi.dev.yaml names. */
export const DEV_PORTS: Ports = {
  vault: 18200,
  vaultCluster: 18201,
  apiServer: 16443,
  etcd: 12379,
  etcdPeer: 12380,
  git: 13080,
  artifacts: 13090,
  gitlab: 13443,
  events: 13490,
  receiver: 13480,
  azure: 13600,
  ingress: 13543,
  relay: 13580,
};

/** Ports for a sandbox of its own, as tests start them. */
export async function unusedPorts(): Promise<Ports> {
  const names = Object.keys(DEV_PORTS) as (keyof Ports)[];
  const free = await freePorts(names.length);
  return Object.fromEntries(names.map((name, index) => [name, free[index]])) as unknown as Ports;
}

/** Every file and address of one sandbox, from its root folder and its ports. */
export class Layout implements DaemonFolders {
  /** @param root absolute; holds nothing but this sandbox. */
  constructor(
    readonly root: string,
    readonly ports: Ports,
  ) {}

  /** The sandbox of a checkout, which Pulumi.dev.yaml points at. */
  static dev(checkout: string): Layout {
    return new Layout(join(checkout, ".sandbox"), DEV_PORTS);
  }

  get run(): string {
    return join(this.root, "run");
  }

  get logs(): string {
    return join(this.root, "logs");
  }

  /** Links to every tool, for PATH. */
  get bin(): string {
    return join(this.root, "bin");
  }

  get vault() {
    const folder = join(this.root, "vault");
    return {
      folder,
      address: `https://127.0.0.1:${this.ports.vault}`,
      ca: join(folder, "ca.pem"),
      data: join(folder, "data"),
      plugins: join(folder, "plugins"),
      settings: join(folder, "server.json"),
      rootToken: join(folder, "root-token"),
      unsealKey: join(folder, "unseal-key"),
      audit: join(folder, "audit.log"),
    };
  }

  /** It has a CA of its own: a certificate for the API server must not open its store. */
  get etcd() {
    const folder = join(this.root, "etcd");
    return {
      folder,
      address: `https://127.0.0.1:${this.ports.etcd}`,
      data: join(this.root, "kubernetes", "etcd"),
      ca: join(folder, "ca.pem"),
      clientCertificate: join(folder, "client.pem"),
      clientKey: join(folder, "client-key.pem"),
    };
  }

  get kubernetes() {
    const folder = join(this.root, "kubernetes");
    return {
      folder,
      address: `https://127.0.0.1:${this.ports.apiServer}`,
      ca: join(folder, "ca.pem"),
      signingKey: join(folder, "service-account.key"),
      publicKey: join(folder, "service-account.pub"),
      adminCertificate: join(folder, "admin.pem"),
      adminKey: join(folder, "admin-key.pem"),
      /** Admin's. */
      kubeconfig: join(this.root, "kubeconfig"),
      /** What the kubelet's stand-in keeps for each pod. */
      pods: join(folder, "pods"),
    };
  }

  get flux() {
    return {
      /** A Receiver's own path, which its status names, is appended. */
      receiver: `http://127.0.0.1:${this.ports.receiver}`,
    };
  }

  get git() {
    const folder = join(this.root, "git");
    const at = (name: string) => ({
      repository: join(folder, `${name}.git`),
      url: `http://127.0.0.1:${this.ports.git}/${name}.git`,
    });
    return {
      folder,
      ...at("deploy"),
      /** Of a second environment. */
      second: at("deploy-two"),
    };
  }

  get gitlab() {
    const folder = join(this.root, "gitlab");
    return {
      folder,
      address: `https://127.0.0.1:${this.ports.gitlab}`,
      ca: join(folder, "tls", "ca.pem"),
      settings: join(folder, "server.json"),
      /** Of `root`, an administrator. */
      adminToken: join(folder, "root-token"),
      /** Of `sopsloop-bot`, a Maintainer of every project: what Pulumi works with. */
      botToken: join(folder, "sopsloop-bot-token"),
    };
  }

  /** Azure's host names lead to its emulator for whoever takes its proxy, and trusts its authority. */
  get azure() {
    const folder = join(this.root, "azure");
    return {
      folder,
      proxy: `http://127.0.0.1:${this.ports.azure}`,
      ca: join(folder, "tls", "ca.pem"),
      settings: join(folder, "server.json"),
      /** For the emulator's own interface. */
      adminToken: join(folder, "admin-token"),
      /** Client secret of a principal that owns the subscription: what Pulumi works with. */
      deployerSecret: join(folder, "deployer-secret"),
    };
  }

  /** What stands before the cluster's services, and ends TLS. */
  get ingress() {
    const folder = join(this.root, "ingress");
    return { folder, address: `https://127.0.0.1:${this.ports.ingress}`, ca: join(folder, "ca.pem") };
  }

  /** Authorities of the machine and of the sandbox in one file: for programs that know one file only. */
  get trust(): string {
    return join(this.root, "trust.pem");
  }

  get pulumi() {
    return {
      home: join(this.root, "pulumi-home"),
      state: join(this.root, "state"),
      passphrase: join(this.root, "passphrase"),
    };
  }
}
