import type { Core } from "../core";
import type { JsonObject } from "../json";
import { ArmRefusal } from "./arm-refusal";
import { Deletions } from "./deletions";
import { checkGroup, checkParents, checkSubscription, isThere, notFound, typeOf } from "./lookups";
import { type ArmPath, GROUP, parsePath, type ResourceId } from "./resource-id";
import type { Ask, Reply, ResourceType } from "./resource-type";
import { shown } from "./shown";
import { typeNamed } from "./types";
import { Writes } from "./writes";

/** A request before it is known what it asks for. */
export type RawAsk = Omit<Ask, "id">;

/** Does what ARM does with every request alike, and leaves the rest to the type. */
export class Requests {
  private readonly writes: Writes;
  private readonly deletions: Deletions;

  constructor(private readonly core: Core) {
    this.writes = new Writes(core);
    this.deletions = new Deletions(core);
  }

  handle(method: string, path: ArmPath, raw: RawAsk): Promise<Reply> | Reply {
    checkSubscription(this.core, path.kind === "resource" ? path.id.text : path.scope);
    if (method === "POST") return this.act(path, raw);
    if (path.kind === "resource")
      return this.one(method, typeOf(path.id.type, raw.apiVersion), { ...raw, id: path.id });
    if (method === "GET") return this.list(path.type, path.scope, raw);
    throw notAllowed(method);
  }

  private one(method: string, type: ResourceType, ask: Ask): Promise<Reply> | Reply {
    switch (method) {
      case "GET":
        this.allow(ask, `${rightsOf(type)}/read`);
        return this.read(type, ask.id);
      case "HEAD":
        this.allow(ask, `${rightsOf(type)}/read`);
        return { status: isThere(this.core, ask.id) ? 204 : 404 };
      case "PUT":
      case "PATCH":
        this.allow(ask, `${rightsOf(type)}/write`);
        checkParents(this.core, type, ask.id);
        return method === "PUT" ? this.writes.put(type, ask) : this.writes.patch(type, ask);
      case "DELETE":
        this.allow(ask, `${rightsOf(type)}/delete`);
        return this.deletions.delete(type, ask);
      default:
        throw notAllowed(method);
    }
  }

  private read(type: ResourceType, id: ResourceId): Reply {
    const resource = this.core.resources.get(id.text);
    if (resource) return { status: 200, body: shown(this.core, type, resource) };
    const given = type.given?.(this.core).find(({ name }) => name === id.name.toLowerCase());
    const body = given ?? type.elsewhere?.get(this.core, id);
    if (body === undefined) throw notFound(type, id);
    return { status: 200, body };
  }

  private list(name: string, scope: string, raw: RawAsk): Reply {
    if (name === "") return this.listAll(scope, raw);
    const type = typeOf(name, raw.apiVersion);
    this.core.access.require(raw.caller, `${rightsOf(type)}/read`, scope === "" ? "/" : scope);
    checkGroup(this.core, scope);
    const all = type.elsewhere
      ? [...(type.elsewhere.list?.(this.core, scope) ?? [])]
      : [...(type.given?.(this.core) ?? []), ...this.found(type, scope)];
    const filter = raw.query("$filter");
    return { status: 200, body: { value: filter && type.filter ? type.filter(all, filter, scope) : all } };
  }

  private found(type: ResourceType, scope: string): JsonObject[] {
    const { resources } = this.core;
    const inner = type.name.split("/").length > 2;
    const found =
      type.found?.(this.core, scope) ??
      (inner ? resources.childrenOf(scope, type.name) : resources.inScope(scope, type.name));
    return found.map((resource) => shown(this.core, type, resource));
  }

  private listAll(scope: string, { caller, query }: RawAsk): Reply {
    this.core.access.require(caller, "Microsoft.Resources/subscriptions/resources/read", scope);
    const [, wanted] = /resourceType eq '([^']+)'/i.exec(query("$filter") ?? "") ?? [];
    const all = this.core.resources.within(scope);
    const value = all
      .filter(({ type }) => typeNamed(type)?.tracked && type !== GROUP)
      .filter(({ type }) => wanted === undefined || wanted.toLowerCase() === type.toLowerCase())
      .map(({ id, name, type, body }): JsonObject => {
        const { location = "", tags = {} } = body;
        return { id, name, type, location, tags };
      });
    return { status: 200, body: { value } };
  }

  private act(path: ArmPath, raw: RawAsk): Promise<Reply> | Reply {
    if (path.kind === "resource") throw notAllowed("POST");
    const cut = path.type.lastIndexOf("/");
    const word = path.type.slice(cut + 1);
    const type = typeOf(path.type.slice(0, cut), raw.apiVersion);
    const [verb, action] =
      Object.entries(type.actions ?? {}).find(([one]) => one.toLowerCase() === word.toLowerCase()) ?? [];
    if (action === undefined)
      throw new ArmRefusal(404, "InvalidResourceType", `'${word}' is not an action of '${type.name}'.`);
    const target = parsePath(path.scope);
    const id =
      target?.kind === "resource" ? target.id : { text: path.scope, type: type.name, name: "", scope: "" };
    const ask: Ask = { ...raw, id };
    this.allow(ask, action.right ?? `${rightsOf(type)}/${verb}/action`);
    if (id.type.toLowerCase() === type.name.toLowerCase() && !isThere(this.core, id))
      throw notFound(type, id);
    return action.does(ask);
  }

  private allow(ask: Ask, action: string): void {
    this.core.access.require(ask.caller, action, ask.id.text);
  }
}

function rightsOf({ rights, name }: ResourceType): string {
  return rights ?? name;
}

function notAllowed(method: string): ArmRefusal {
  return new ArmRefusal(405, "MethodNotAllowed", `The method ${method} is not supported here.`);
}
