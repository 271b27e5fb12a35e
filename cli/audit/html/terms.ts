import type { AuditReport, Grant, Identity, Key } from "../report-schema";

/** Rights that lead to all the others, or to the loss of the key. */
const DANGEROUS = new Set(["export", "backup", "data keys in clear", "give rights", "delete", "configure"]);
/** Rights to change files without seeing what is in them. */
const WRITING = new Set(["encrypt", "rewrap", "rotate"]);

/** How much a grant lets its holder do, as one mark. */
export type Mark = "decrypt" | "write" | "look" | "unknown";

export function markOf({ rights, unknown }: Pick<Grant, "rights" | "unknown">): Mark {
  if (rights.includes("decrypt")) return "decrypt";
  if (rights.some((right) => WRITING.has(right))) return "write";
  return rights.length > 0 ? "look" : unknown.length > 0 ? "unknown" : "look";
}

export function isDangerous({ rights }: Pick<Grant, "rights">): boolean {
  return rights.some((right) => DANGEROUS.has(right));
}

/** What a report's parts are called and where they stand in the page. */
export class Terms {
  private readonly keys: ReadonlyMap<string, number>;
  private readonly identities: ReadonlyMap<string, number>;

  constructor(private readonly report: AuditReport) {
    this.keys = new Map(report.keys.map(({ id }, at) => [id, at]));
    this.identities = new Map(report.identities.map(({ id }, at) => [id, at]));
  }

  keyName(id: string): string {
    return this.key(id)?.name ?? id;
  }

  key(id: string): Key | undefined {
    return this.report.keys[this.keys.get(id) ?? -1];
  }

  identity(id: string): Identity | undefined {
    return this.report.identities[this.identities.get(id) ?? -1];
  }

  identityName(id: string): string {
    return this.identity(id)?.name ?? id;
  }

  /** Name of the anchor of a key's row. */
  keyAnchor(id: string): string {
    return `key-${this.keys.get(id) ?? "x"}`;
  }

  /** Name of the anchor of an identity's row. */
  identityAnchor(id: string): string {
    return `identity-${this.identities.get(id) ?? "x"}`;
  }
}
