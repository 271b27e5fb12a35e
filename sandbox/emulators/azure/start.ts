import { randomBytes, randomUUID } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Azure } from "./azure";
import type { NewApplication } from "./entra/directory";
import { EVENT_GRID_APP } from "./entra/directory";
import type { TrustedIssuer } from "./entra/federation";

/** An application to be there from the start. */
export interface SeedApplication extends NewApplication {
  readonly appId: string;
  /** App roles that Event Grid's principal has there. */
  readonly eventGridRoles?: readonly string[];
}

export interface StartOptions {
  readonly folder: string;
  /** On 127.0.0.1; 0 for any. */
  readonly port: number;
  readonly tenantId?: string;
  readonly subscriptionId?: string;
  readonly applications?: readonly SeedApplication[];
  readonly issuers?: readonly TrustedIssuer[];
  /** Files with certificate authorities of webhook receivers. */
  readonly webhookCa?: readonly string[];
  readonly webhookTimeoutMs?: number;
  /** What firewalls see the clients come from. @default an address that is nobody's */
  readonly clientAddress?: string;
  /** @default 1 */
  readonly retryAfter?: number;
}

/** An Azure that runs, and files (0600) with secrets for it. */
export interface StartedAzure {
  readonly azure: Azure;
  readonly tenantId: string;
  readonly subscriptionId: string;
  /** A principal that owns the subscription. */
  readonly deployer: {
    readonly clientId: string;
    readonly objectId: string;
    /** File with its client secret. */
    readonly secret: string;
  };
  /** File with the token for `/admin`. */
  readonly adminToken: string;
}

export const TENANT_ID = "7f0c9a52-3a52-4b53-8c02-5a1b7d1f7a10";
export const SUBSCRIPTION_ID = "2b1de4c6-7b8e-4f0e-9a1c-6c1f6a1f2b3c";
export const DEPLOYER_ID = "c6b1f2a4-0e5d-4f6b-9d3e-8a7b6c5d4e3f";

/** An address for documentation, which no machine has. */
const NOBODY = "203.0.113.10";
/** Moving the clock by years does not lock the deployer out. */
const CENTURY_MS = 100 * 365 * 24 * 60 * 60 * 1_000;
const OWNER = "8e3af657-a8ff-443c-a75c-2fe8c4bcb635";

/** Starts the emulator, with its tenant's principals where they are not there so far. */
export async function startAzure(options: StartOptions): Promise<StartedAzure> {
  const { folder, port, applications = [], clientAddress = NOBODY, retryAfter = 1 } = options;
  const {
    tenantId = TENANT_ID,
    subscriptionId = SUBSCRIPTION_ID,
    issuers,
    webhookCa,
    webhookTimeoutMs,
  } = options;
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const files = { admin: join(folder, "admin-token"), deployer: join(folder, "deployer-secret") };
  keep(files.admin, () => randomBytes(32).toString("base64url"));
  const azure = await Azure.start({
    folder,
    port,
    tenantId,
    subscriptionId,
    clientAddress,
    retryAfter,
    adminToken: readFileSync(files.admin, "utf8"),
    ...(issuers && { issuers }),
    ...(webhookCa && { webhookCa }),
    ...(webhookTimeoutMs !== undefined && { webhookTimeoutMs }),
  });
  seed(azure, applications);
  const principal = seedDeployer(azure, subscriptionId, files.deployer);
  azure.core.store.save();
  return {
    azure,
    tenantId,
    subscriptionId,
    deployer: { clientId: principal.appId, objectId: principal.id, secret: files.deployer },
    adminToken: files.admin,
  };
}

function seedDeployer(azure: Azure, subscriptionId: string, secretFile: string) {
  const { directory, resources } = azure.core;
  const application =
    directory.application(DEPLOYER_ID) ??
    directory.addApplication({ displayName: "sandbox deployer", appId: DEPLOYER_ID }).application;
  const principal = directory.principalOfApp(DEPLOYER_ID);
  if (principal === undefined) throw new Error("the deployer has no service principal");
  keep(secretFile, () => directory.addSecret(application, CENTURY_MS));
  const scope = `/subscriptions/${subscriptionId}`;
  const type = "Microsoft.Authorization/roleAssignments";
  const owns = resources.ofType(type).some(({ createdBy }) => createdBy === "seed");
  if (!owns) {
    const name = randomUUID();
    const roleDefinitionId = `${scope}/providers/Microsoft.Authorization/roleDefinitions/${OWNER}`;
    const properties = {
      principalId: principal.id,
      principalType: "ServicePrincipal",
      roleDefinitionId,
      scope,
    };
    const id = { text: `${scope}/providers/${type}/${name}`, type, name, scope };
    resources.write(id, type, { body: { properties }, hidden: {} }, "seed");
  }
  return principal;
}

function seed({ core: { directory } }: Azure, applications: readonly SeedApplication[]): void {
  for (const { eventGridRoles = [], ...about } of applications) {
    if (directory.application(about.appId)) continue;
    directory.addApplication(about);
    const grid = directory.principalOfApp(EVENT_GRID_APP);
    grid?.appRoles.push(...eventGridRoles.map((role) => ({ appId: about.appId, role })));
  }
}

/** Writes a secret to its file, once. */
function keep(file: string, make: () => string): void {
  if (!existsSync(file)) writeFileSync(file, make(), { mode: 0o600 });
}
