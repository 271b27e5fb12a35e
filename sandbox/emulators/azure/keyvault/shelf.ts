import { randomBytes } from "node:crypto";
import type { Clock } from "../clock";
import type { Store } from "../store/store";
import type { VersionAttributes, Versioned } from "./model";
import { badParameter, objectNotFound, VaultRefusal } from "./vault-refusal";
import type { Vault } from "./vaults";

export interface Attributes {
  readonly enabled?: boolean | undefined;
  /** Seconds. */
  readonly nbf?: number | null | undefined;
  readonly exp?: number | null | undefined;
}

const NAME = /^[0-9a-zA-Z-]{1,127}$/;
const DAY_MS = 24 * 60 * 60 * 1_000;

/** Things of vaults that have versions, and go to a bin before they are gone. */
export abstract class Shelf<Version extends VersionAttributes, Thing extends Versioned<Version>> {
  /** `Key` or `Secret`. */
  protected abstract readonly kind: "Key" | "Secret";

  constructor(
    protected readonly store: Store,
    protected readonly clock: Clock,
  ) {}

  /** All of every vault; those in the bin, too. */
  abstract get all(): Thing[];

  protected abstract keep(all: Thing[]): void;

  in(vault: string): Thing[] {
    return this.all.filter((one) => one.vault === vault && one.deleted === undefined);
  }

  binOf(vault: string): Thing[] {
    return this.all.filter((one) => one.vault === vault && one.deleted !== undefined);
  }

  find(vault: Vault, name: string): Thing | undefined {
    return this.in(vault.key).find((one) => same(one.name, name));
  }

  get(vault: Vault, name: string): Thing {
    const found = this.find(vault, name);
    if (found === undefined) throw objectNotFound(this.kind, name);
    return found;
  }

  /** @param id without one, the newest. */
  version(vault: Vault, name: string, id?: string): Version {
    const { versions } = this.get(vault, name);
    const found = id === undefined ? versions.at(-1) : versions.find((one) => one.id === id.toLowerCase());
    if (found === undefined) throw objectNotFound(this.kind, `${name}/${id}`);
    return found;
  }

  deleted(vault: Vault, name: string): Thing {
    const found = this.binOf(vault.key).find((one) => same(one.name, name));
    if (found) return found;
    throw new VaultRefusal(404, `${this.kind}NotFound`, `Deleted ${this.kind} not found: ${name}`);
  }

  delete(vault: Vault, name: string): Thing {
    const thing = this.get(vault, name);
    const at = this.clock.now();
    thing.deleted = { at, purgeAt: at + vault.retention * DAY_MS };
    this.store.changed();
    return thing;
  }

  recover(vault: Vault, name: string): Thing {
    const found = this.binOf(vault.key).find((one) => same(one.name, name));
    if (found === undefined) throw objectNotFound(this.kind, name);
    delete found.deleted;
    this.store.changed();
    return found;
  }

  purge(vault: Vault, name: string): void {
    const thing = this.deleted(vault, name);
    if (vault.purgeProtected)
      throw new VaultRefusal(
        403,
        "Forbidden",
        'Operation "purge" is not allowed because purge protection is enabled for this vault. Key Vault service will ' +
          "automatically purge it after the retention period has passed.",
        "ForbiddenByPolicy",
      );
    this.forget((one) => one === thing);
  }

  /** Everything of a vault that is gone for good. */
  forgetVault(vault: string): void {
    this.forget((one) => one.vault === vault);
  }

  protected forget(which: (thing: Thing) => boolean): void {
    this.keep(this.all.filter((one) => !which(one)));
    this.store.changed();
  }

  /** Refuses a name that is none, or whose last owner is in the bin. */
  protected checkName(vault: Vault, name: string): void {
    if (!NAME.test(name))
      throw badParameter(
        `The request URI contains an invalid name: ${name}. Names have 1 to 127 letters, digits and hyphens.`,
      );
    if (this.binOf(vault.key).some((one) => same(one.name, name)))
      throw new VaultRefusal(
        409,
        "Conflict",
        `${this.kind} ${name} is currently in a deleted but recoverable state, and its name cannot be reused; in this ` +
          `state, the ${this.kind.toLowerCase()} can only be recovered or purged.`,
        "ObjectIsDeletedButRecoverable",
      );
  }

  /** What a new version has in any case. */
  protected newAttributes(
    { enabled, nbf, exp }: Attributes,
    tags: Record<string, string>,
  ): VersionAttributes {
    const now = this.clock.seconds();
    return {
      id: randomBytes(16).toString("hex"),
      created: now,
      updated: now,
      enabled: enabled ?? true,
      ...(typeof nbf === "number" && { nbf }),
      ...(typeof exp === "number" && { exp }),
      tags,
    };
  }

  /** Changes what was given; null takes a time away. */
  protected change(
    version: Version,
    { enabled, nbf, exp }: Attributes,
    tags: Record<string, string> | undefined,
  ): void {
    if (enabled !== undefined) version.enabled = enabled;
    if (nbf === null) delete version.nbf;
    else if (nbf !== undefined) version.nbf = nbf;
    if (exp === null) delete version.exp;
    else if (exp !== undefined) version.exp = exp;
    if (tags !== undefined) version.tags = tags;
    version.updated = this.clock.seconds();
    this.store.changed();
  }
}

function same(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}
