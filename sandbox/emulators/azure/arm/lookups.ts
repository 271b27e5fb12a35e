import type { Core } from "../core";
import { ArmRefusal } from "./arm-refusal";
import { GROUP, groupIdOf, parsePath, type ResourceId, SUBSCRIPTION, subscriptionOf } from "./resource-id";
import type { ResourceType } from "./resource-type";
import { typeNamed } from "./types";

/** The type of a resource, in an API version that Azure has of it. */
export function typeOf(name: string, apiVersion: string): ResourceType {
  const type = typeNamed(name);
  const [namespace = "", ...rest] = name.split("/");
  if (type === undefined)
    throw new ArmRefusal(
      404,
      "InvalidResourceType",
      `The resource type '${rest.join("/")}' could not be found in the namespace '${namespace}' for api version ` +
        `'${apiVersion}'.`,
    );
  if (!type.apiVersions.includes(apiVersion))
    throw new ArmRefusal(
      400,
      "NoRegisteredProviderFound",
      `No registered resource provider found for API version '${apiVersion}' for type '${rest.join("/")}' in the ` +
        `namespace '${namespace}'. The supported api-versions are '${type.apiVersions.join(", ")}'.`,
    );
  return type;
}

export function checkSubscription(core: Core, id: string): void {
  const asked = subscriptionOf(id);
  if (asked === undefined || asked.toLowerCase() === core.settings.subscriptionId) return;
  throw new ArmRefusal(404, "SubscriptionNotFound", `The subscription '${asked}' could not be found.`);
}

/** What lies in a group needs the group. */
export function checkGroup(core: Core, id: string): void {
  const group = groupIdOf(id);
  if (group === undefined || core.resources.get(group) !== undefined) return;
  throw new ArmRefusal(
    404,
    "ResourceGroupNotFound",
    `Resource group '${group.split("/").at(-1)}' could not be found.`,
  );
}

/** A group, and the resource around, have to be there before anything is put in them. */
export function checkParents(core: Core, type: ResourceType, id: ResourceId): void {
  if (type.name === GROUP) return;
  checkGroup(core, id.text);
  const around = parsePath(id.scope);
  const parent = type.implicitParent && around?.kind === "resource" ? parsePath(around.id.scope) : around;
  if (parent?.kind !== "resource") return;
  if ([GROUP, SUBSCRIPTION].includes(parent.id.type) || isThere(core, parent.id)) return;
  throw new ArmRefusal(
    404,
    "ParentResourceNotFound",
    `Failed to perform 'write' on resource(s) of type '${type.name.split("/").slice(1).join("/")}', because the ` +
      `parent resource '${parent.id.text}' could not be found.`,
  );
}

export function isThere(core: Core, id: ResourceId): boolean {
  const elsewhere = typeNamed(id.type)?.elsewhere;
  return (elsewhere ? elsewhere.get(core, id) : core.resources.get(id.text)) !== undefined;
}

export function notFound(type: ResourceType, { text, name }: ResourceId): ArmRefusal {
  if (type.name === GROUP)
    return new ArmRefusal(404, "ResourceGroupNotFound", `Resource group '${name}' could not be found.`);
  const group = groupIdOf(text)?.split("/").at(-1);
  const where = group === undefined ? "" : ` under resource group '${group}'`;
  return new ArmRefusal(
    404,
    "ResourceNotFound",
    `The Resource '${type.name}/${name}'${where} was not found. For more details please go to ` +
      "https://aka.ms/ARMResourceNotFoundFix",
  );
}
