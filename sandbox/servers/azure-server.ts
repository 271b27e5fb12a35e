import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { AdminClient } from "../emulators/azure/admin/client";
import { DEPLOYER_ID, type StartOptions, SUBSCRIPTION_ID, TENANT_ID } from "../emulators/azure/start";
import { Daemon } from "../processes/daemon";
import { ingressAuthority } from "./cluster/ingress";
import type { Layout } from "./layout";
import { nodeLaunch } from "./node-launch";
import { writeTrustBundle } from "./trust-bundle";

/** What is there of Azure before the program makes anything. */
export const AZURE = {
  tenantId: TENANT_ID,
  subscriptionId: SUBSCRIPTION_ID,
  deployerId: DEPLOYER_ID,
  /** One for each environment. */
  resourceGroups: ["rg-sops-dev", "rg-sops-two"],
  location: "westeurope",
  /** Where every client seems to come from: an address that is nobody's. */
  clientAddress: "203.0.113.10",
} as const;

/** What the program's deployer needs in its resource group: docs/decisions/0011-azure.md. */
const DEPLOYER_ROLES = [
  "Contributor",
  "User Access Administrator",
  "Key Vault Crypto Officer",
  "Key Vault Secrets Officer",
];

/** The emulator of Azure as a process. It trusts the tokens of the sandbox's cluster and of its GitLab. */
export class AzureServer {
  private readonly daemon: Daemon;

  constructor(private readonly layout: Layout) {
    this.daemon = new Daemon("azure", layout);
  }

  get pid(): number | undefined {
    return this.daemon.pid;
  }

  /** The emulator's own interface: its clock, its switches. */
  get admin(): AdminClient {
    return new AdminClient(this.layout.azure.proxy, this.layout.azure.adminToken);
  }

  async start(): Promise<void> {
    const { azure } = this.layout;
    mkdirSync(azure.folder, { recursive: true, mode: 0o700 });
    await ingressAuthority(this.layout);
    writeFileSync(azure.settings, JSON.stringify(this.options(), undefined, 2), { mode: 0o600 });
    const file = join(__dirname, "..", "emulators", "azure", "main.ts");
    await this.daemon.start(nodeLaunch(file, [azure.settings]));
    await this.daemon.ready(() => this.answers(), 60_000);
    writeTrustBundle(this.layout);
  }

  stop(): Promise<void> {
    return this.daemon.stop();
  }

  private options(): StartOptions {
    const { azure, ingress, kubernetes, gitlab, ports } = this.layout;
    return {
      folder: azure.folder,
      port: ports.azure,
      resourceGroups: AZURE.resourceGroups,
      location: AZURE.location,
      clientAddress: AZURE.clientAddress,
      deployerRoles: [
        ...AZURE.resourceGroups.flatMap((resourceGroup) =>
          DEPLOYER_ROLES.map((role) => ({ role, resourceGroup })),
        ),
        // It sees vaults that were deleted, and what a subscription has; it reads no secret and no key.
        { role: "Reader" },
      ],
      issuers: [
        { issuer: kubernetes.address, ca: kubernetes.ca },
        { issuer: gitlab.address, ca: gitlab.ca },
      ],
      webhookCa: [ingress.ca],
    };
  }

  private async answers(): Promise<boolean> {
    const { ca, adminToken, deployerSecret, proxy } = this.layout.azure;
    if (![ca, adminToken, deployerSecret].every((file) => existsSync(file))) return false;
    return fetch(`${proxy}/admin/clock`, {
      headers: { authorization: `Bearer ${readFileSync(adminToken, "utf8")}` },
    }).then(
      ({ ok }) => ok,
      () => false,
    );
  }
}
