import { type ChildProcess, spawn } from "node:child_process";
import { generateKeyPairSync, randomUUID } from "node:crypto";
import { once } from "node:events";
import { accessSync, constants, copyFileSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { freePorts } from "../../../sandbox/processes/free-port";
import type { PlainMap } from "../../../sandbox/providers/engine/resource-type";
import { connectionOf } from "../../../sandbox/providers/vault/connection";
import { VaultClient } from "../../../sandbox/providers/vault/vault-client";

const PATIENCE_MS = 30_000;

/**
 * A Vault of this test's own: in memory, with TLS, on a free port, with the Kubernetes auth method where its plugin is on
 * PATH. Development mode makes it unsealed and its certificates; nothing else of that mode is used.
 */
export class VaultProcess {
  readonly api: VaultClient;

  private constructor(
    private readonly child: ChildProcess,
    private readonly folder: string,
    readonly address: string,
    readonly token: string,
    readonly ca: string,
  ) {
    this.api = new VaultClient(connectionOf({ ...this.config, maxRetries: 0 }, {}), { VAULT_TOKEN: token });
  }

  /** The provider's config for this Vault. The token is not part of it. */
  get config(): PlainMap {
    return { address: this.address, caCertFile: this.ca, skipChildToken: true };
  }

  static async start(): Promise<VaultProcess> {
    const folder = mkdtempSync(join(tmpdir(), "vault-test-"));
    const plugins = join(folder, "plugins");
    mkdirSync(plugins);
    const kubernetes = onPath("vault-plugin-auth-kubernetes");
    if (kubernetes !== undefined) copyFileSync(kubernetes, join(plugins, "kubernetes"));
    const token = randomUUID();
    const [port = 0] = await freePorts(1);
    const argv = [
      "server",
      "-dev",
      "-dev-tls",
      `-dev-tls-cert-dir=${folder}`,
      "-dev-no-store-token",
      "-dev-no-kv",
    ];
    argv.push(`-dev-listen-address=127.0.0.1:${port}`, `-dev-plugin-dir=${plugins}`);
    const child = spawn("vault", argv, {
      // A VAULT_ADDR or VAULT_CACERT of the caller's shell is for another Vault, and this one would trip over it.
      env: { PATH: process.env.PATH, HOME: folder, VAULT_DEV_ROOT_TOKEN_ID: token, VAULT_LOG_LEVEL: "error" },
      stdio: "ignore",
    });
    const vault = new VaultProcess(
      child,
      folder,
      `https://127.0.0.1:${port}`,
      token,
      await caIn(folder, child),
    );
    await vault.ready();
    return vault;
  }

  async stop(): Promise<void> {
    if (this.child.exitCode === null && this.child.signalCode === null) {
      const gone = once(this.child, "exit");
      this.child.kill("SIGTERM");
      await gone;
    }
    rmSync(this.folder, { recursive: true, force: true });
  }

  private async ready(): Promise<void> {
    const until = Date.now() + PATIENCE_MS;
    for (;;) {
      try {
        await this.api.read("sys/host-info");
        return;
      } catch (error) {
        if (Date.now() > until || this.child.exitCode !== null) throw error;
        await sleep(100);
      }
    }
  }
}

/** The full path of a program, `undefined` when no folder of PATH has it. */
export function onPath(program: string): string | undefined {
  return (process.env.PATH ?? "")
    .split(delimiter)
    .map((folder) => join(folder, program))
    .find((file) => {
      try {
        accessSync(file, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
}

/** A new key pair's public half, as PEM. */
export function publicKeyPem(): string {
  const { publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  return publicKey.export({ type: "spki", format: "pem" }).toString();
}

async function caIn(folder: string, child: ChildProcess): Promise<string> {
  const file = join(folder, "vault-ca.pem");
  for (let waited = 0; waited < PATIENCE_MS; waited += 50) {
    try {
      accessSync(file);
      return file;
    } catch {
      if (child.exitCode !== null) throw new Error(`vault ended with ${child.exitCode} before it was up`);
      await sleep(50);
    }
  }
  throw new Error("vault wrote no CA certificate");
}
