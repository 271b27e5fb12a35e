import type { Core } from "../core";
import type { Resource } from "../model";
import { ArmRefusal } from "./arm-refusal";
import { operationHeaders } from "./operation-reply";
import { subscriptionOf } from "./resource-id";
import type { Ask, Reply, ResourceType } from "./resource-type";
import { typeNamed } from "./types";

/** DELETE, with all that lies in what is deleted. */
export class Deletions {
  constructor(private readonly core: Core) {}

  delete(type: ResourceType, ask: Ask): Reply {
    if (type.elsewhere)
      throw new ArmRefusal(405, "MethodNotAllowed", `'${type.name}' cannot be deleted in this way.`);
    const resource = this.core.resources.get(ask.id.text);
    if (resource === undefined) return { status: 204 };
    this.remove(resource);
    if (!type.slowDeletion) return { status: 200 };
    const operation = this.core.operations.begin(Promise.resolve(undefined));
    const headers = operationHeaders(this.core, { ...type, slow: "Location" }, operation, {
      subscription: subscriptionOf(resource.id) ?? "",
      location: String(resource.body.location ?? "global"),
      apiVersion: ask.apiVersion,
    });
    return { status: 202, headers };
  }

  /** The innermost first; a type that refuses keeps all that is left. */
  private remove(outer: Resource): void {
    for (const resource of this.core.resources.within(outer.id)) {
      typeNamed(resource.type)?.remove?.(this.core, resource);
      this.core.resources.remove(resource.id);
      const own = this.core.directory.principalOfResource(resource.id);
      if (own) this.core.directory.removePrincipal(own.id);
    }
  }
}
