import { type AzureLook, type Fields, isSame } from "../../../verify/azure/azure-look";
import type { DeclaredAzureIdentity, DeclaredAzureKey } from "../../../verify/declared-azure";
import { Fault } from "../../../verify/probe";
import { fieldOf, listOf } from "../../../verify/vault-access";
import type { Parts } from "../parts";
import type { AzureFacts, EventFacts, IdentityFacts, KeyFacts, Trust } from "./facts";

/** Reads from Resource Manager what concerns the loop's keys. Nothing is asked of the vaults themselves. */
export class AzureSurvey {
  constructor(
    private readonly look: AzureLook,
    private readonly parts: Parts,
  ) {}

  /** @throws CliError, Skip where there is no identity for it. */
  async facts(): Promise<AzureFacts> {
    const { keys, identities } = this.look.declared;
    return {
      self: await this.look.self(),
      keys: await Promise.all(keys.map((key) => this.key(key))),
      identities: await Promise.all(identities.map((identity) => this.identity(identity))),
      events: await this.parts.read("azure-events", () => this.events()),
    };
  }

  private async key(declared: DeclaredAzureKey): Promise<KeyFacts> {
    const { look, parts } = this;
    const vault = await this.there("azure-vaults", () => look.vault(declared));
    const none = {
      declared,
      vaultId: undefined,
      key: undefined,
      assignments: undefined,
      isLogged: undefined,
    };
    if (!vault) return { ...none, vault };
    const vaultId = String(vault.id);
    return {
      declared,
      vaultId,
      vault: fieldOf(vault, "properties") ?? {},
      key: await this.there("azure-keys", () => look.key(declared)),
      assignments: await parts.read("azure-roles", () => look.assignments(declared)),
      isLogged: await parts.read("azure-diagnostics", () => this.isLogged(vaultId)),
    };
  }

  private async isLogged(vault: string): Promise<boolean> {
    const logs = (await this.look.diagnosticsOf(vault)).map(
      (setting) => fieldOf(setting, "properties")?.logs,
    );
    return logs
      .flatMap((some) => (Array.isArray(some) ? (some as readonly Fields[]) : []))
      .some(
        ({ category, categoryGroup, enabled }) =>
          enabled === true && (category === "AuditEvent" || /^(audit|allLogs)$/.test(String(categoryGroup))),
      );
  }

  private async identity(declared: DeclaredAzureIdentity): Promise<IdentityFacts> {
    const live = await this.there("azure-identities", () => this.look.identity(declared));
    if (!live) return { declared, principal: live, trusts: undefined };
    return {
      declared,
      principal: String(fieldOf(live, "properties")?.principalId),
      trusts: await this.parts.read("azure-trusts", async () =>
        (await this.look.trusts(declared)).map(trustOf),
      ),
    };
  }

  private async events(): Promise<EventFacts[]> {
    const declared = this.look.declared.relay?.subscriptionIds ?? [];
    const topics = [...new Set(declared.map((id) => id.replace(/\/eventSubscriptions\/[^/]+$/, "")))];
    const live = (await Promise.all(topics.map((topic) => this.look.subscriptionsOf(topic)))).flat();
    const missing = declared.filter((id) => !live.some((one) => isSame(one.id, id)));
    return [
      ...missing.map((id) => ({ id, isDeclared: true, properties: undefined })),
      ...live.map((one) => ({
        id: String(one.id),
        isDeclared: declared.some((id) => isSame(one.id, id)),
        properties: fieldOf(one, "properties") ?? {},
      })),
    ];
  }

  /** `null` where there is none, undefined where one may not look. */
  private there<T>(id: string, look: () => Promise<T>): Promise<T | null | undefined> {
    return this.parts.read(id, async () => {
      try {
        return await look();
      } catch (error) {
        if (error instanceof Fault) return null;
        throw error;
      }
    });
  }
}

function trustOf(credential: Fields): Trust {
  const { issuer, subject, audiences } = fieldOf(credential, "properties") ?? {};
  return {
    name: String(credential.name),
    issuer: String(issuer),
    subject: String(subject),
    audiences: listOf(audiences),
  };
}
