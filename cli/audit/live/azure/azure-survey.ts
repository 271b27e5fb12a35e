import { Skip } from "../../../verify/probe";
import { fieldOf, listOf } from "../../../verify/vault-access";
import type { DeclaredAzureIdentity, DeclaredAzureKey, DeclaredLoop } from "../declared-loop";
import type { Parts } from "../parts";
import type { ArmAccess } from "./arm-access";
import type { AzureFacts, EventFacts, Fields, IdentityFacts, KeyAssignment, KeyFacts, Trust } from "./facts";
import { operationsOf } from "./role-permissions";

/** Versions of the API that all clouds have. Of diagnostic settings there are previews only. */
const VERSION = {
  diagnostics: "2021-05-01-preview",
  vaults: "2023-07-01",
  roles: "2022-04-01",
  identities: "2023-01-31",
  events: "2022-06-15",
} as const;

type Azure = NonNullable<DeclaredLoop["azure"]>;

/** Reads from Resource Manager what concerns the loop's keys. Nothing is asked of the vaults themselves. */
export class AzureSurvey {
  private readonly roles = new Map<string, Promise<Fields>>();
  private readonly subscription: string;

  constructor(
    private readonly arm: ArmAccess,
    private readonly declared: DeclaredLoop,
    private readonly azure: Azure,
    private readonly parts: Parts,
  ) {
    this.subscription = /^\/subscriptions\/[^/]+/.exec(azure.roles.decrypt)?.[0] ?? "";
  }

  /** @throws CliError, Skip where there is no identity for it. */
  async facts(): Promise<AzureFacts> {
    const { parts, declared } = this;
    const { keys = [], identities = [] } = declared.audit.azure ?? {};
    return {
      self: await this.arm.self(),
      keys: await parts.read("azure-keys", () => this.keys(keys)),
      identities: await parts.read("azure-identities", () => this.identities(identities)),
      events: await parts.read("azure-events", () => this.events()),
    };
  }

  private async keys(keys: readonly DeclaredAzureKey[]): Promise<KeyFacts[]> {
    const vaults = await this.all("Microsoft.KeyVault/vaults", VERSION.vaults);
    return Promise.all(
      keys.map(async (declared) => {
        const vault = vaults.find(({ name }) => sameText(name, declared.vault));
        const vaultId = vault && String(vault.id);
        if (vaultId === undefined)
          return {
            declared,
            vaultId,
            vault: {},
            key: undefined,
            assignments: undefined,
            isLogged: undefined,
          };
        const path = `${vaultId}/keys/${declared.name}`;
        const key = await this.parts.read("azure-keys", async () => {
          const found = await this.arm.get(path, VERSION.vaults);
          return found === undefined ? null : (fieldOf(found, "properties") ?? {});
        });
        const assignments = await this.parts.read("azure-roles", () => this.assignments(path));
        const isLogged = await this.parts.read("azure-diagnostics", () => this.isLogged(vaultId));
        return { declared, vaultId, vault: fieldOf(vault, "properties") ?? {}, key, assignments, isLogged };
      }),
    );
  }

  private async isLogged(vault: string): Promise<boolean> {
    const path = `${vault}/providers/Microsoft.Insights/diagnosticSettings`;
    const settings = await this.arm.list(path, VERSION.diagnostics);
    const logs = settings.map((setting) => fieldOf(setting, "properties")?.logs);
    return logs
      .flatMap((some) => (Array.isArray(some) ? (some as readonly Fields[]) : []))
      .some(
        ({ category, categoryGroup, enabled }) =>
          enabled === true && (category === "AuditEvent" || /^(audit|allLogs)$/.test(String(categoryGroup))),
      );
  }

  /** Those at the key, and at all that it lies in. */
  private async assignments(key: string): Promise<KeyAssignment[]> {
    const path = `${key}/providers/Microsoft.Authorization/roleAssignments`;
    const all = await this.arm.list(path, VERSION.roles, "atScope()");
    const group = /^\/subscriptions\/[^/]+\/resourceGroups\/[^/]+/i.exec(key)?.[0] ?? "";
    return Promise.all(
      all.map(async ({ id, properties }) => {
        const { principalId, principalType, roleDefinitionId, scope } = (properties ?? {}) as Fields;
        const role = await this.role(String(roleDefinitionId), group);
        const permissions = Array.isArray(role.permissions) ? (role.permissions as readonly Fields[]) : [];
        return {
          id: String(id),
          principal: String(principalId),
          kind: String(principalType ?? "principal"),
          role: String(role.roleName ?? roleDefinitionId),
          scope: String(scope),
          may: operationsOf(permissions),
        };
      }),
    );
  }

  /** @throws Skip for one that cannot be read: what it allows is then not known. */
  private role(id: string, group: string): Promise<Fields> {
    const known = this.roles.get(id) ?? this.readRole(id, group);
    this.roles.set(id, known);
    return known;
  }

  /** A custom role is known where it may be given, though its id names the subscription. */
  private async readRole(id: string, group: string): Promise<Fields> {
    const path = "/providers/Microsoft.Authorization/roleDefinitions/";
    const near = `${group}${path}${id.split("/").at(-1)}`;
    const found = (await this.arm.get(near, VERSION.roles)) ?? (await this.arm.get(id, VERSION.roles));
    if (found === undefined)
      throw new Skip(`the role ${id} is not told, so that what it allows is not known`);
    return fieldOf(found, "properties") ?? {};
  }

  private async identities(identities: readonly DeclaredAzureIdentity[]): Promise<IdentityFacts[]> {
    const all = await this.all("Microsoft.ManagedIdentity/userAssignedIdentities", VERSION.identities);
    return Promise.all(
      identities.map(async (declared) => {
        const live = all.find(({ properties }) =>
          sameText((properties as Fields)?.clientId, declared.clientId),
        );
        if (live === undefined) return { declared, principal: undefined, trusts: undefined };
        const trusts = await this.parts.read("azure-trusts", () => this.trusts(String(live.id)));
        return { declared, principal: String(fieldOf(live, "properties")?.principalId), trusts };
      }),
    );
  }

  private async trusts(identity: string): Promise<Trust[]> {
    const all = await this.arm.list(`${identity}/federatedIdentityCredentials`, VERSION.identities);
    return all.map(({ name, properties }) => {
      const { issuer, subject, audiences } = (properties ?? {}) as Fields;
      return {
        name: String(name),
        issuer: String(issuer),
        subject: String(subject),
        audiences: listOf(audiences),
      };
    });
  }

  private async events(): Promise<EventFacts[]> {
    const declared = this.azure.relay?.subscriptionIds ?? [];
    const topics = [...new Set(declared.map((id) => id.replace(/\/eventSubscriptions\/[^/]+$/, "")))];
    const lists = await Promise.all(
      topics.map((topic) => this.arm.list(`${topic}/eventSubscriptions`, VERSION.events)),
    );
    const live = lists.flat();
    const missing = declared.filter((id) => !live.some((one) => sameText(one.id, id)));
    return [
      ...missing.map((id) => ({ id, isDeclared: true, properties: undefined })),
      ...live.map((one) => ({
        id: String(one.id),
        isDeclared: declared.some((id) => sameText(one.id, id)),
        properties: fieldOf(one, "properties") ?? {},
      })),
    ];
  }

  private all(type: string, version: string): Promise<Fields[]> {
    return this.arm.list(`${this.subscription}/providers/${type}`, version);
  }
}

/** ARM's names are the same in either case. */
function sameText(one: unknown, other: string): boolean {
  return typeof one === "string" && one.toLowerCase() === other.toLowerCase();
}
