import { compare } from "../engine/compare";
import { type ChangeKind, type Difference, type PlainMap, UNKNOWN } from "../engine/resource-type";
import { CONTROL, isSet } from "./control-annotations";
import { knownKind } from "./known-kinds";
import { isGiven, metadataOf, nameOf, namespaceOf, withMetadata } from "./manifest";
import { effectiveData, isSecret } from "./secret-data";
import type { Settings } from "./settings";
import type { TypeToken } from "./type-token";

const IDENTITY = ["metadata.name", "metadata.namespace"];
const SECRET_DATA = ["type", "data", "stringData"];
const CONFIG_DATA = ["data", "binaryData"];

/** What a change of inputs costs. */
export function objectDifference(
  type: TypeToken,
  settings: Settings,
  before: PlainMap,
  after: PlainMap,
): Difference {
  const old = inNamespace(type, before);
  const next = inNamespace(type, after);
  const paths = [...compare(old, next).keys()].filter((path) => !isRespelling(type, old, next, path));
  const replacing = replacePaths(type, settings, next);
  const changes = new Map(
    paths.map((path): [string, ChangeKind] => [
      path,
      replacing.some((one) => isWithin(path, one)) ? "replace" : "update",
    ]),
  );
  const replaces = [...changes.values()].includes("replace");
  const samePlace = nameOf(old) === nameOf(next) && namespaceOf(old) === namespaceOf(next);
  const deleteBeforeReplace = replaces && samePlace && !isSet(next, CONTROL.autonamed);
  return { changes, ...(deleteBeforeReplace && { deleteBeforeReplace }) };
}

/** The official provider's rules: a Secret or ConfigMap is replaced when its data changes, unless told otherwise. */
function replacePaths(type: TypeToken, settings: Settings, next: PlainMap): readonly string[] {
  if (type.patch) return IDENTITY;
  const frozen = next.immutable === true;
  if (isSecret(type) && (frozen || !settings.enableSecretMutable)) return [...IDENTITY, ...SECRET_DATA];
  const isConfigMap = type.apiVersion === "v1" && type.kind === "ConfigMap";
  if (isConfigMap && (frozen || !settings.enableConfigMapMutable)) return [...IDENTITY, ...CONFIG_DATA];
  return [...IDENTITY, ...(knownKind(type.apiVersion, type.kind)?.replaceOn ?? [])];
}

function isWithin(path: string, rule: string): boolean {
  return path === rule || path.startsWith(`${rule}.`) || path.startsWith(`${rule}[`);
}

/** No namespace and the namespace `default` are one place. */
function inNamespace(type: TypeToken, object: PlainMap): PlainMap {
  const clusterWide = knownKind(type.apiVersion, type.kind)?.namespaced === false;
  const given = object.metadata === UNKNOWN || isGiven(metadataOf(object).namespace);
  return clusterWide || given ? object : withMetadata(object, { namespace: "default" });
}

/** The same value, moved between `data` and `stringData`. */
function isRespelling(type: TypeToken, old: PlainMap, next: PlainMap, path: string): boolean {
  if (!isSecret(type) || !["data", "stringData"].some((part) => isWithin(path, part))) return false;
  return compare(effectiveData(old), effectiveData(next)).size === 0;
}
