import type { PlainMap } from "../engine/resource-type";
import { isApiError } from "./api-error";
import type { Cluster } from "./cluster";
import { CONTROL, isSet, propagationPolicy } from "./control-annotations";
import { managedEntries, takeOver } from "./managed-fields";
import { metadataOf, nameOf, namespaceOf, withoutNulls } from "./manifest";
import { explained } from "./refusal";
import type { TypeToken } from "./type-token";

/** The manager that the official provider gives to a plain create. The first update takes over from it. */
const CREATOR = "pulumi-kubernetes";
const APPLY = "application/apply-patch+yaml";
const JSON_PATCH = "application/json-patch+json";
const STRICT = { fieldValidation: "Strict" };
const DRY_RUN = { dryRun: "All" };

interface Writing {
  /** Let the server check it, and keep nothing. */
  readonly dryRun?: boolean;
}

/** Makes an object that must not be there yet. Rejects with `ApiError`. */
export async function createObject(
  cluster: Cluster,
  type: TypeToken,
  object: PlainMap,
  { dryRun = false }: Writing = {},
): Promise<PlainMap> {
  const path = await cluster.path(type, namespaceOf(object));
  const query = { fieldManager: CREATOR, ...STRICT, ...(dryRun && DRY_RUN) };
  return cluster.client.send({ method: "POST", path, query, body: withoutNulls(object) });
}

/** Server-side apply: makes or changes an object so that it has the given fields, owned by `manager`. */
export async function applyObject(
  cluster: Cluster,
  type: TypeToken,
  object: PlainMap,
  manager: string,
  { dryRun = false, force = false }: Writing & { readonly force?: boolean } = {},
): Promise<PlainMap> {
  const path = await cluster.path(type, namespaceOf(object), nameOf(object));
  const query = { fieldManager: manager, force: String(force), ...STRICT, ...(dryRun && DRY_RUN) };
  return cluster.client.send({
    method: "PATCH",
    path,
    query,
    contentType: APPLY,
    body: withoutNulls(object),
  });
}

/** Brings an object that we made, or patch, in line with its inputs. */
export async function updateObject(
  cluster: Cluster,
  type: TypeToken,
  object: PlainMap,
  manager: string,
): Promise<PlainMap> {
  const path = await cluster.path(type, namespaceOf(object), nameOf(object));
  const live = await cluster.client.find(path);
  if (live === undefined)
    throw new Error(`${type.kind} ${nameOf(object)} is gone; run pulumi refresh, then up again`);
  return explained(type, object, async () => {
    const managers = type.patch ? undefined : takeOver(live, manager);
    if (managers !== undefined) {
      const test: PlainMap = {
        op: "test",
        path: "/metadata/resourceVersion",
        value: metadataOf(live).resourceVersion ?? null,
      };
      const body = [test, { op: "replace", path: "/metadata/managedFields", value: managers }];
      await cluster.client.send({ method: "PATCH", path, contentType: JSON_PATCH, body });
    }
    const force = mayForce(cluster, object) || managedEntries(live).length === 0;
    return applyObject(cluster, type, object, manager, { force });
  });
}

export function mayForce(cluster: Cluster, object: PlainMap): boolean {
  return isSet(object, CONTROL.patchForce) || cluster.settings.enablePatchForce;
}

/** Gives up all fields of `manager`: each goes back to another owner, to the server's default, or away. */
export async function relinquish(
  cluster: Cluster,
  type: TypeToken,
  object: PlainMap,
  manager: string,
): Promise<void> {
  const name = nameOf(object);
  const namespace = namespaceOf(object);
  const path = await cluster.path(type, namespaceOf(object), nameOf(object));
  if ((await cluster.client.find(path)) === undefined) return;
  const identity = {
    apiVersion: type.apiVersion,
    kind: type.kind,
    metadata: { ...(name && { name }), ...(namespace && { namespace }) },
  };
  await explained(type, object, () => applyObject(cluster, type, identity, manager));
}

/** Asks for deletion. Resolves with false when there was nothing to delete. */
export async function deleteObject(
  cluster: Cluster,
  path: string,
  type: TypeToken,
  state: PlainMap,
): Promise<boolean> {
  const body = { kind: "DeleteOptions", apiVersion: "v1", propagationPolicy: propagationPolicy(state) };
  return explained(type, state, async () => {
    try {
      await cluster.client.send({ method: "DELETE", path, body });
      return true;
    } catch (error) {
      if (isApiError(error, 404)) return false;
      throw error;
    }
  });
}
