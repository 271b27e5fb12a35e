import { createHash } from "node:crypto";
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { Daemon } from "../processes/daemon";
import { SandboxError } from "../processes/sandbox-error";
import { until } from "../processes/until";
import type { ToolPaths } from "../toolchain/tool-builder";
import { CertificateAuthority, type KeyPairFiles } from "./certificate-authority";
import { plainEnvironment, toolIn } from "./environment";
import type { Layout } from "./layout";
import { VaultApi } from "./vault-api";

/** Name under which the auth method is enabled; the file in the plugin folder is called the same. */
const PLUGIN = "kubernetes";

const HEALTH = { active: 200, standby: 429, uninitialised: 501, sealed: 503 };

/** Vault as in life: TLS, raft storage, sealed at every start. The root token and the unseal key lie in files (0600). */
export class VaultServer {
  private readonly daemon: Daemon;

  constructor(
    private readonly layout: Layout,
    private readonly tools: ToolPaths,
  ) {
    this.daemon = new Daemon("vault", layout);
  }

  get pid(): number | undefined {
    return this.daemon.pid;
  }

  /** Starts, initialises once, unseals, and registers the Kubernetes auth plugin. */
  async start(): Promise<void> {
    const { vault } = this.layout;
    const authority = await CertificateAuthority.open(vault.folder, "sopsloop sandbox Vault CA");
    const serving = await authority.issue("server", {
      commonName: "vault",
      hosts: ["127.0.0.1", "localhost"],
    });
    for (const folder of [vault.data, vault.plugins]) mkdirSync(folder, { recursive: true, mode: 0o700 });
    const sha256 = this.installPlugin();
    writeFileSync(vault.settings, JSON.stringify(this.settings(serving), undefined, 2), { mode: 0o600 });
    await this.daemon.start({
      file: toolIn(this.tools, "vault"),
      args: ["server", `-config=${vault.settings}`],
      env: plainEnvironment(),
      // The audit device's path in Pulumi.dev.yaml is relative to this folder.
      cwd: vault.folder,
    });
    const api = VaultApi.anonymous(this.layout);
    try {
      await this.daemon.ready(async () => Object.values(HEALTH).includes(await api.health()), 60_000);
      if ((await api.health()) === HEALTH.uninitialised) await this.initialise(api);
      this.requireKeys();
      if ((await api.health()) !== HEALTH.active) await this.unseal(api);
    } finally {
      api.close();
    }
    await this.registerPlugin(sha256);
  }

  stop(): Promise<void> {
    return this.daemon.stop();
  }

  private settings(serving: KeyPairFiles): object {
    const { vault, ports } = this.layout;
    return {
      // 1: elects itself after one second; the default waits five times as long for peers that do not exist.
      storage: { raft: { path: vault.data, node_id: "sandbox", performance_multiplier: "1" } },
      listener: {
        tcp: {
          address: `127.0.0.1:${ports.vault}`,
          cluster_address: `127.0.0.1:${ports.vaultCluster}`,
          tls_cert_file: serving.certificate,
          tls_key_file: serving.key,
        },
      },
      api_addr: vault.address,
      cluster_addr: `https://127.0.0.1:${ports.vaultCluster}`,
      plugin_directory: vault.plugins,
      disable_mlock: true,
      ui: false,
    };
  }

  /** Vault refuses plugins that are links out of its folder, hence the copy. Resolves with its SHA-256. */
  private installPlugin(): string {
    const bytes = readFileSync(toolIn(this.tools, "vault-plugin-auth-kubernetes"));
    const target = join(this.layout.vault.plugins, PLUGIN);
    const hash = createHash("sha256").update(bytes).digest("hex");
    const installed =
      existsSync(target) && createHash("sha256").update(readFileSync(target)).digest("hex") === hash;
    if (!installed) {
      copyFileSync(toolIn(this.tools, "vault-plugin-auth-kubernetes"), `${target}.new`);
      chmodSync(`${target}.new`, 0o700);
      renameSync(`${target}.new`, target);
    }
    return hash;
  }

  private async initialise(api: VaultApi): Promise<void> {
    const { vault } = this.layout;
    const answer = await api.send<{ keys_base64: string[]; root_token: string }>("PUT", "sys/init", {
      secret_shares: 1,
      secret_threshold: 1,
    });
    writeFileSync(vault.unsealKey, answer?.keys_base64[0] ?? "", { mode: 0o600 });
    writeFileSync(vault.rootToken, answer?.root_token ?? "", { mode: 0o600 });
  }

  /** Vault tells its keys once. A start that was killed before it had written them has lost them. */
  private requireKeys(): void {
    const { vault } = this.layout;
    const lost = [vault.unsealKey, vault.rootToken].find((file) => !existsSync(file));
    if (lost === undefined) return;
    throw new SandboxError(
      `Vault is initialised, but ${lost} is not there: its first start was interrupted; run \`make down\`, remove ${vault.folder} and run \`make up\``,
    );
  }

  private async unseal(api: VaultApi): Promise<void> {
    const key = readFileSync(this.layout.vault.unsealKey, "utf8").trim();
    await api.send("PUT", "sys/unseal", { key });
    const active = async () => ((await api.health()) === HEALTH.active ? true : undefined);
    const hint = () => `see ${this.daemon.log}`;
    await until(active, { what: "Vault to be unsealed", timeoutMs: 60_000, hint });
  }

  private async registerPlugin(sha256: string): Promise<void> {
    const api = VaultApi.root(this.layout);
    try {
      const path = `sys/plugins/catalog/auth/${PLUGIN}`;
      const known = await api.send<{ data?: { sha256?: string } }>("GET", path);
      if (known?.data?.sha256 === sha256) return;
      await api.send("PUT", path, { sha256, command: PLUGIN });
      if (known) await api.send("PUT", "sys/plugins/reload/backend", { plugin: PLUGIN });
    } finally {
      api.close();
    }
  }
}
