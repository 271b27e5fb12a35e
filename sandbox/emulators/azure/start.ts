import { randomBytes, randomUUID } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { BUILT_IN_ROLES } from "./arm/built-in-roles";
import { GROUP } from "./arm/resource-id";
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

export interface DeployerRole {
  /** Name of a built-in role. */
  readonly role: string;
  /** Where it counts. @default in the whole subscription */
  readonly resourceGroup?: string;
}

export interface StartOptions {
  readonly folder: string;
  /** On 127.0.0.1; 0 for any. */
  readonly port: number;
  readonly tenantId?: string;
  readonly subscriptionId?: string;
  readonly applications?: readonly SeedApplication[];
  /** Names of resource groups to be there from the start. */
  readonly resourceGroups?: readonly string[];
  /** Of those groups. @default westeurope */
  readonly location?: string;
  /** What the deployer may do. @default owns the subscription */
  readonly deployerRoles?: readonly DeployerRole[];
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
  /** Who owns the subscription, or has the roles that were asked for. */
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
  const { resourceGroups = [], location = "westeurope", deployerRoles = [{ role: "Owner" }] } = options;
  const principal = seedDeployer(azure, subscriptionId, files.deployer, deployerRoles);
  for (const name of resourceGroups) seedGroup(azure, subscriptionId, name, location);
  azure.core.store.save();
  return {
    azure,
    tenantId,
    subscriptionId,
    deployer: { clientId: principal.appId, objectId: principal.id, secret: files.deployer },
    adminToken: files.admin,
  };
}

function seedDeployer(
  azure: Azure,
  subscriptionId: string,
  secretFile: string,
  roles: readonly DeployerRole[],
) {
  const { directory } = azure.core;
  const application =
    directory.application(DEPLOYER_ID) ??
    directory.addApplication({ displayName: "sandbox deployer", appId: DEPLOYER_ID }).application;
  const principal = directory.principalOfApp(DEPLOYER_ID);
  if (principal === undefined) throw new Error("the deployer has no service principal");
  keep(secretFile, () => directory.addSecret(application, CENTURY_MS));
  const subscription = `/subscriptions/${subscriptionId}`;
  for (const { role, resourceGroup } of roles) {
    const scope =
      resourceGroup === undefined ? subscription : `${subscription}/resourceGroups/${resourceGroup}`;
    seedAssignment(azure, { subscription, scope, role, principalId: principal.id });
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

interface Assignment {
  readonly subscription: string;
  readonly scope: string;
  /** Name of a built-in role. */
  readonly role: string;
  readonly principalId: string;
}

function seedAssignment({ core: { resources } }: Azure, assignment: Assignment): void {
  const { subscription, scope, role, principalId } = assignment;
  const type = "Microsoft.Authorization/roleAssignments";
  const builtIn = BUILT_IN_ROLES.find(({ name }) => name === role);
  if (!builtIn) throw new Error(`there is no built-in role ${role}`);
  const roleDefinitionId = `${subscription}/providers/Microsoft.Authorization/roleDefinitions/${builtIn.id}`;
  const properties = { principalId, principalType: "ServicePrincipal", roleDefinitionId, scope };
  const isThere = resources
    .ofType(type)
    .some(({ createdBy, body }) => createdBy === "seed" && isDeepStrictEqual(body.properties, properties));
  if (isThere) return;
  const name = randomUUID();
  const id = { text: `${scope}/providers/${type}/${name}`, type, name, scope };
  resources.write(id, type, { body: { properties }, hidden: {} }, "seed");
}

function seedGroup(
  { core: { resources } }: Azure,
  subscriptionId: string,
  name: string,
  location: string,
): void {
  const scope = `/subscriptions/${subscriptionId}`;
  const text = `${scope}/resourceGroups/${name}`;
  if (resources.get(text)) return;
  resources.write({ text, type: GROUP, name, scope }, GROUP, { body: { location }, hidden: {} }, "seed");
}

/** Writes a secret to its file, once. */
function keep(file: string, make: () => string): void {
  if (!existsSync(file)) writeFileSync(file, make(), { mode: 0o600 });
}
