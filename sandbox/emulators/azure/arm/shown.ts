import type { Core } from "../core";
import { isObject, type JsonObject, objectAt, textAt } from "../json";
import type { Resource } from "../model";
import type { ResourceType } from "./resource-type";

/** What a client sees of a resource. */
export function shown(core: Core, type: ResourceType, resource: Resource): JsonObject {
  const { id, name, body } = resource;
  const { identity, ...rest } = type.show?.(core, resource) ?? body;
  return {
    id,
    name,
    type: type.name,
    ...rest,
    ...(identity !== undefined && isObject(identity) && { identity: shownIdentity(core, resource) }),
    systemData: {
      createdBy: resource.createdBy,
      createdByType: "Application",
      createdAt: resource.createdAt,
      lastModifiedBy: resource.changedBy,
      lastModifiedByType: "Application",
      lastModifiedAt: resource.changedAt,
    },
  };
}

/** With the ids that a client does not set: of the resource's own identity, and of those it was given. */
function shownIdentity(core: Core, { id, body }: Resource): JsonObject {
  const type = textAt(body, "identity", "type") ?? "None";
  const own = /SystemAssigned/i.test(type) ? core.directory.principalOfResource(id) : undefined;
  const given = Object.keys(objectAt(body, "identity", "userAssignedIdentities")).map((one) => {
    const principal = core.directory.principalOfResource(one);
    return [one, { principalId: principal?.id ?? "", clientId: principal?.appId ?? "" }] as const;
  });
  return {
    type,
    ...(own && { principalId: own.id, tenantId: core.tokens.tenantId }),
    ...(given.length > 0 && { userAssignedIdentities: Object.fromEntries(given) }),
  };
}
