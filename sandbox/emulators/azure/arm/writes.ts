import type { Core } from "../core";
import { isObject, type Json, type JsonObject, objectAt, textAt } from "../json";
import type { Resource } from "../model";
import { ArmRefusal, badRequest, conflict } from "./arm-refusal";
import { notFound } from "./lookups";
import { operationHeaders } from "./operation-reply";
import { subscriptionOf } from "./resource-id";
import type { Ask, Reply, ResourceType, WriteAsk } from "./resource-type";
import { shown } from "./shown";

/** PUT and PATCH. */
export class Writes {
  constructor(private readonly core: Core) {}

  async put(type: ResourceType, ask: Ask): Promise<Reply> {
    const existing = this.core.resources.get(ask.id.text);
    const located = type.tracked ? withLocation(ask.body, existing) : ask.body;
    const body = (await type.model?.check(located, type.name)) ?? located;
    if (type.elsewhere) {
      if (type.elsewhere.put === undefined)
        throw new ArmRefusal(405, "MethodNotAllowed", "This cannot be written.");
      return { status: 200, body: await type.elsewhere.put({ ...ask, body }) };
    }
    return this.write(type, { ...ask, body, existing }, type.slow);
  }

  /** Objects are merged; lists and tags are replaced. */
  async patch(type: ResourceType, ask: Ask): Promise<Reply> {
    const existing = this.core.resources.get(ask.id.text);
    if (existing === undefined) throw notFound(type, ask.id);
    const { tags, ...rest } = type.patched?.(ask.body) ?? ask.body;
    const whole = { ...mergedInto(existing.body, rest), ...(tags !== undefined && { tags }) };
    const body = (await type.model?.check(whole, type.name)) ?? whole;
    // What tells a client where to look for the end does so for a PUT only.
    return this.write(type, { ...ask, body, existing }, type.slow === "Location" ? undefined : type.slow);
  }

  private async write(type: ResourceType, ask: WriteAsk, slow: ResourceType["slow"]): Promise<Reply> {
    checkIdentities(this.core, ask.body);
    const { body, hidden } = (await type.prepare?.(ask)) ?? {
      body: ask.body,
      hidden: ask.existing?.hidden ?? {},
    };
    const status = type.status ?? (ask.existing === undefined ? 201 : 200);
    const resource = this.core.resources.write(ask.id, type.name, { body, hidden }, ask.caller.appId);
    this.keepOwnIdentity(resource);
    const work = type.settle?.(ask, resource);
    if (slow === undefined) {
      await work;
      return { status, body: shown(this.core, type, resource) };
    }
    const operation = this.core.operations.begin(
      Promise.resolve(work).then(() => shown(this.core, type, resource)),
    );
    const headers = operationHeaders(this.core, type, operation, {
      subscription: subscriptionOf(resource.id) ?? "",
      location: textAt(body, "location") ?? "global",
      apiVersion: ask.apiVersion,
    });
    if (slow === "Location") return { status: 202, headers };
    return { status, headers, body: shown(this.core, type, resource) };
  }

  /** A resource that asks for an identity of its own gets a service principal, and loses it when it asks no more. */
  private keepOwnIdentity({ id, name, body }: Resource): void {
    const { directory } = this.core;
    if (!isObject(body.identity)) return;
    const known = directory.principalOfResource(id);
    const wanted = /SystemAssigned/i.test(textAt(body, "identity", "type") ?? "");
    if (wanted && known === undefined)
      directory.addPrincipal({
        appId: crypto.randomUUID(),
        displayName: name,
        kind: "ManagedIdentity",
        resourceId: id,
      });
    if (!wanted && known) directory.removePrincipal(known.id);
  }
}

/** Names of regions without spaces and capitals. */
function withLocation(body: JsonObject, existing: Resource | undefined): JsonObject {
  const given = body.location;
  if (typeof given !== "string" || given === "")
    throw badRequest("The location property is required for this definition.", "LocationRequired");
  const location = given.toLowerCase().replaceAll(" ", "");
  const before = textAt(existing?.body, "location");
  if (before !== undefined && before !== location)
    throw conflict(
      "InvalidResourceLocation",
      `The resource '${existing?.name}' already exists in location '${before}'. A resource with the same name cannot ` +
        `be created in location '${location}'. Please select a new resource name.`,
    );
  return { ...body, location };
}

function checkIdentities(core: Core, body: JsonObject): void {
  for (const id of Object.keys(objectAt(body, "identity", "userAssignedIdentities"))) {
    const { type } = core.resources.get(id) ?? {};
    if (type !== "Microsoft.ManagedIdentity/userAssignedIdentities")
      throw badRequest(`The user assigned identity '${id}' could not be found.`, "FailedIdentityOperation");
  }
}

function mergedInto(before: JsonObject, change: JsonObject): JsonObject {
  const entries = Object.entries(change).map(([name, value]): [string, Json] => {
    const old = before[name];
    return [name, isObject(old) && isObject(value) ? mergedInto(old, value) : value];
  });
  return { ...before, ...Object.fromEntries(entries) };
}
