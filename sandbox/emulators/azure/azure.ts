import { readFileSync } from "node:fs";
import { join } from "node:path";
import { getRequestListener } from "@hono/node-server";
import { CertificateAuthority } from "../../servers/certificate-authority";
import { admin } from "./admin/app";
import { arm } from "./arm/app";
import { assemble } from "./assemble";
import type { Core, Settings } from "./core";
import { entra } from "./entra/app";
import type { TrustedIssuer } from "./entra/federation";
import { managedIdentity } from "./entra/managed-identity";
import { keyVault } from "./keyvault/app";
import { ConnectProxy } from "./proxy/connect-proxy";
import { hostTable } from "./proxy/hosts";
import { ownListener } from "./proxy/own-listener";

export interface AzureOptions extends Settings {
  /** Holds everything that it keeps. */
  readonly folder: string;
  /** On 127.0.0.1; 0 for any. */
  readonly port: number;
  readonly tenantId: string;
  /** For `/admin`. */
  readonly adminToken: string;
  /** Whose tokens federated credentials can trust. */
  readonly issuers?: readonly TrustedIssuer[];
  /** Files with certificate authorities of webhook receivers. */
  readonly webhookCa?: readonly string[];
  /** How long a webhook may take. @default 30000, as Event Grid has it */
  readonly webhookTimeoutMs?: number;
}

/** The emulator of Azure: Entra, ARM, Key Vault, Event Grid and storage, under Azure's own names behind a proxy. */
export class Azure {
  private constructor(
    readonly core: Core,
    private readonly proxy: ConnectProxy,
    /** File with the certificate authority of all its hosts. */
    readonly ca: string,
  ) {}

  static async start(options: AzureOptions): Promise<Azure> {
    const core = assemble(options);
    const tls = join(options.folder, "tls");
    const hosts = hostTable(core, {
      entra: getRequestListener(entra(core).fetch),
      arm: getRequestListener(arm(core).fetch),
      keyVault: getRequestListener(keyVault(core).fetch),
    });
    const authority = await CertificateAuthority.open(tls, "sopsloop sandbox Azure CA");
    const files = await authority.issue("azure", { commonName: "azure", hosts: hosts.names });
    const identity = { cert: readFileSync(files.certificate, "utf8"), key: readFileSync(files.key, "utf8") };
    const proxy: ConnectProxy = new ConnectProxy(
      hosts,
      identity,
      ownListener({
        admin: getRequestListener(admin(core, () => proxy.address, options.adminToken).fetch),
        identity: getRequestListener(managedIdentity(core).fetch),
      }),
    );
    await proxy.listen(options.port);
    core.clock.start();
    return new Azure(core, proxy, join(tls, "ca.pem"));
  }

  /** Of the proxy, the metadata endpoint and `/admin`: `http://127.0.0.1:13600`. */
  get address(): string {
    return this.proxy.address;
  }

  /** Waits for what is under way, and keeps what it knows. */
  async stop(): Promise<void> {
    await this.proxy.close();
    await this.core.clock.stop();
    await this.core.storage.close();
    this.core.store.save();
  }
}
