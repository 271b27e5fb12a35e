import type { Clock } from "../clock";
import type { JsonObject } from "../json";
import type { Resource } from "../model";
import type { Store } from "../store/store";
import { keyOf, type ResourceId, sameId, within } from "./resource-id";

export interface NewContent {
  readonly body: JsonObject;
  readonly hidden: JsonObject;
}

/** Everything that ARM keeps, by its id. */
export class Resources {
  constructor(
    private readonly store: Store,
    private readonly clock: Clock,
  ) {}

  get(id: string): Resource | undefined {
    return this.all.find((one) => sameId(one.id, id));
  }

  ofType(type: string): Resource[] {
    return this.all.filter((one) => one.type.toLowerCase() === type.toLowerCase());
  }

  /** Of one type, directly in a resource. */
  childrenOf(parent: string, type: string): Resource[] {
    const depth = keyOf(parent).split("/").length;
    return this.ofType(type).filter(
      ({ id }) => within(id, parent) && keyOf(id).split("/").length === depth + 2,
    );
  }

  /** Of one type, anywhere in a scope. */
  inScope(scope: string, type: string): Resource[] {
    return this.ofType(type).filter(({ id }) => within(id, scope));
  }

  /** Everything in a resource or a group, and itself; the innermost first. */
  within(id: string): Resource[] {
    const found = this.all.filter((one) => within(one.id, id));
    return found.sort((one, other) => other.id.length - one.id.length);
  }

  /** Writes a resource, new or in the place of what was there. */
  write(id: ResourceId, type: string, content: NewContent, by: string): Resource {
    const now = this.clock.isoNow();
    const existing = this.get(id.text);
    this.store.changed();
    if (existing) return Object.assign(existing, content, { changedAt: now, changedBy: by });
    const about = { createdAt: now, createdBy: by, changedAt: now, changedBy: by };
    const resource: Resource = { id: id.text, type, name: id.name, ...content, ...about };
    this.all.push(resource);
    return resource;
  }

  /** Puts back what was taken out. */
  restore(resource: Resource): void {
    this.all.push(resource);
    this.store.changed();
  }

  remove(id: string): void {
    const { tables } = this.store;
    tables.resources = tables.resources.filter((one) => !sameId(one.id, id));
    this.store.changed();
  }

  private get all(): Resource[] {
    return this.store.tables.resources;
  }
}
