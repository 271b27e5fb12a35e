/** Where something lies in ARM. */
export interface ResourceId {
  /** As it was asked for. */
  readonly text: string;
  /** `Microsoft.KeyVault/vaults/keys`. */
  readonly type: string;
  readonly name: string;
  /** Id of what it lies in or belongs to: a resource, a group, a subscription, or nothing. */
  readonly scope: string;
}

/** A path of ARM: one resource, or all of a type in a scope. The last part of an action's path reads as a type, too. */
export type ArmPath =
  | { readonly kind: "resource"; readonly id: ResourceId }
  | { readonly kind: "collection"; readonly type: string; readonly scope: string };

export const SUBSCRIPTION = "Microsoft.Resources/subscriptions";
export const GROUP = "Microsoft.Resources/resourceGroups";

/** Ids are compared without regard to case. */
export function keyOf(id: string): string {
  return id.toLowerCase().replace(/\/$/, "");
}

export function sameId(one: string, other: string): boolean {
  return keyOf(one) === keyOf(other);
}

/** Whether `id` is `scope`, or lies in it. */
export function within(id: string, scope: string): boolean {
  const outer = keyOf(scope);
  return outer === "" || keyOf(id) === outer || keyOf(id).startsWith(`${outer}/`);
}

export function groupOf(id: string): string | undefined {
  return /^\/subscriptions\/[^/]+\/resourcegroups\/([^/]+)/i.exec(id)?.[1];
}

export function subscriptionOf(id: string): string | undefined {
  return /^\/subscriptions\/([^/]+)/i.exec(id)?.[1];
}

/** The id of the group that something lies in. */
export function groupIdOf(id: string): string | undefined {
  return /^\/subscriptions\/[^/]+\/resourcegroups\/[^/]+/i.exec(id)?.[0];
}

/** What a path asks for; undefined for one that is none of ARM's. */
export function parsePath(path: string): ArmPath | undefined {
  const parts = path.split("/").filter((part) => part !== "");
  return new PathReader(parts.map(spelt)).read();
}

/** The words between names, as ARM spells them whatever the client does. */
function spelt(part: string, index: number): string {
  const words =
    index === 2 ? ["resourceGroups", "providers"] : index % 2 === 0 ? ["subscriptions", "providers"] : [];
  return words.find((word) => word.toLowerCase() === part.toLowerCase()) ?? part;
}

class PathReader {
  private position = 0;
  private found: ResourceId | undefined;

  constructor(private readonly parts: readonly string[]) {}

  read(): ArmPath | undefined {
    if (this.next("subscriptions")) {
      if (this.ended) return { kind: "collection", type: SUBSCRIPTION, scope: "" };
      this.take(SUBSCRIPTION);
      if (this.next("resourcegroups")) {
        if (this.ended) return { kind: "collection", type: GROUP, scope: this.scope };
        this.take(GROUP);
      }
      if (this.next("resources")) return { kind: "collection", type: "", scope: this.scope };
    }
    while (this.next("providers")) {
      const end = this.provider();
      if (end !== undefined) return end;
    }
    return this.ended && this.found ? { kind: "resource", id: this.found } : undefined;
  }

  private provider(): ArmPath | undefined {
    const scope = this.scope;
    let type = this.parts[this.position++] ?? "";
    for (
      let first = true;
      !this.ended && this.parts[this.position]?.toLowerCase() !== "providers";
      first = false
    ) {
      type = `${type}/${this.parts[this.position++]}`;
      if (this.ended) return { kind: "collection", type, scope: this.scope };
      this.take(type, first ? scope : this.scope);
    }
    return undefined;
  }

  private get scope(): string {
    return this.found?.text ?? "";
  }

  private get ended(): boolean {
    return this.position >= this.parts.length;
  }

  private next(word: string): boolean {
    if (this.parts[this.position]?.toLowerCase() !== word) return false;
    this.position += 1;
    return true;
  }

  private take(type: string, scope = this.scope): void {
    const name = this.parts[this.position++] ?? "";
    this.found = { type, name, scope, text: `/${this.parts.slice(0, this.position).join("/")}` };
  }
}
