import type { PlainMap } from "../engine/resource-type";
import { isList, isMap } from "../engine/wire";
import { ApiClient } from "./api-client";
import { type KindLocation, knownKind } from "./known-kinds";
import { loadKubeconfig } from "./kubeconfig";
import type { Settings } from "./settings";
import type { TypeToken } from "./type-token";
import { WatchRights } from "./watch-rights";

/** One cluster as one provider's config names it: where things are, and with which rules they are written. */
export class Cluster {
  /** Namespace of objects that name none. */
  readonly namespace: string | undefined;
  readonly watchRights: WatchRights;
  private readonly discovered = new Map<string, KindLocation>();

  private constructor(
    readonly client: ApiClient,
    readonly settings: Settings,
    namespace: string | undefined,
  ) {
    this.namespace = namespace;
    this.watchRights = new WatchRights(client);
  }

  /** Reads the kubeconfig and connects to nothing yet: a preview that has nothing to ask stays offline. */
  static open(settings: Settings): Cluster {
    const access = loadKubeconfig(settings.kubeconfig, settings.context);
    return new Cluster(new ApiClient(access), settings, settings.namespace ?? access.namespace);
  }

  /** `undefined` when the API server does not know the kind. */
  async locate({ apiVersion, kind }: TypeToken): Promise<KindLocation | undefined> {
    const key = `${apiVersion}/${kind}`;
    const found = knownKind(apiVersion, kind) ?? this.discovered.get(key);
    if (found !== undefined) return found;
    const list = await this.client.find(groupPath(apiVersion));
    const location = locationIn(list, kind);
    if (location !== undefined) this.discovered.set(key, location);
    return location;
  }

  /** Path of an object, or of its kind's list without `name`. Throws when the API server does not know the kind. */
  async path(type: TypeToken, namespace: string | undefined, name?: string): Promise<string> {
    const location = await this.locate(type);
    if (location === undefined) throw unknownKind(type);
    const scope = location.namespaced ? `/namespaces/${encodeURIComponent(namespace || "default")}` : "";
    const object = name === undefined ? "" : `/${encodeURIComponent(name)}`;
    return `${groupPath(type.apiVersion)}${scope}/${location.plural}${object}`;
  }
}

function unknownKind({ apiVersion, kind }: TypeToken): Error {
  return new Error(
    `the API server knows no kind ${kind} in ${apiVersion}; install its CustomResourceDefinition first, or mend the apiVersion`,
  );
}

function groupPath(apiVersion: string): string {
  return apiVersion.includes("/") ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
}

/** Sub-resources are in the same list, with a slash in their names. */
function locationIn(list: PlainMap | undefined, kind: string): KindLocation | undefined {
  const resources = isList(list?.resources) ? list.resources.filter(isMap) : [];
  const match = resources.find((one) => one.kind === kind && !String(one.name).includes("/"));
  return match && { plural: String(match.name), namespaced: match.namespaced === true };
}
