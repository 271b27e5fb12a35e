import { equal, hasUnknown } from "../engine/compare";
import { type Checked, type InputFailure, type PlainMap, UNKNOWN } from "../engine/resource-type";
import { type ApiError, isApiError } from "./api-error";
import type { Cluster } from "./cluster";
import { annotationFailures } from "./control-annotations";
import { isGiven, metadataOf, nameOf, namespaceOf, withMetadata } from "./manifest";
import { withName } from "./naming";
import { applyObject, createObject } from "./object-writes";
import { refusal } from "./refusal";
import { isSecret, redacted } from "./secret-data";
import type { TypeToken } from "./type-token";

/** A dry run changes nothing, so one name for all of them will do. */
const CHECKER = "pulumi-kubernetes-check";

/** Of create's strict decoding, and of server-side apply's. */
const UNKNOWN_FIELD = /unknown field "([^"]+)"/g;
const UNDECLARED_FIELD = /\.([^\s:]+): field not declared in schema/g;

/**
 * Fills in what the provider fills in, then has the API server judge the object by a dry run. Only inputs that are new
 * or changed and all known are sent: a preview without changes asks the server nothing.
 */
export async function checkInputs(
  type: TypeToken,
  given: PlainMap,
  previous: PlainMap | undefined,
  cluster: Cluster | undefined,
): Promise<Checked> {
  const failures = [...identityFailures(type, given), ...annotationFailures(given)];
  if (failures.length > 0) return { inputs: given, failures };
  const whole = { ...given, apiVersion: type.apiVersion, kind: type.kind };
  const inputs = await withNamespace(type, withName(whole, previous, type.kind), cluster);
  const settled =
    cluster === undefined || hasUnknown(inputs) || (previous !== undefined && equal(previous, inputs));
  return { inputs, failures: settled ? [] : await dryRunFailures(cluster, type, inputs, previous) };
}

function identityFailures(type: TypeToken, inputs: PlainMap): InputFailure[] {
  const failures: InputFailure[] = [];
  for (const key of ["apiVersion", "kind"] as const) {
    const value = inputs[key];
    if (typeof value === "string" && value !== type[key]) {
      failures.push({
        path: key,
        reason: `${key} must be ${type[key]} for this resource type, not "${value}"`,
      });
    }
  }
  const { name, generateName } = metadataOf(inputs);
  if (isGiven(generateName)) {
    const reason = "generateName does not go with server-side apply; give a name, or leave both out";
    failures.push({ path: "metadata.generateName", reason });
  }
  if (type.patch && !isGiven(name)) {
    failures.push({ path: "metadata.name", reason: "a patch must name the object that it patches" });
  }
  return failures;
}

async function withNamespace(
  type: TypeToken,
  inputs: PlainMap,
  cluster: Cluster | undefined,
): Promise<PlainMap> {
  const { namespace } = cluster ?? {};
  const given = inputs.metadata === UNKNOWN || isGiven(metadataOf(inputs).namespace);
  if (namespace === undefined || given) return inputs;
  const location = await cluster?.locate(type);
  return location?.namespaced === false ? inputs : withMetadata(inputs, { namespace });
}

/** Refusals that the real call would meet as well. What only the moment forbids (no such namespace yet) is not one. */
async function dryRunFailures(
  cluster: Cluster,
  type: TypeToken,
  inputs: PlainMap,
  previous: PlainMap | undefined,
): Promise<InputFailure[]> {
  try {
    if ((await cluster.locate(type)) === undefined) return [];
    if (!type.patch) await createObject(cluster, type, inputs, { dryRun: true });
    else if (await exists(cluster, type, inputs)) {
      await applyObject(cluster, type, inputs, CHECKER, { dryRun: true, force: true });
    }
    return [];
  } catch (error) {
    if (!isApiError(error)) throw error;
    const clear = (failure: InputFailure) =>
      isSecret(type) ? { ...failure, reason: redacted(failure.reason, inputs) } : failure;
    return failuresOf(type, inputs, error, previous === undefined).map(clear);
  }
}

async function exists(cluster: Cluster, type: TypeToken, inputs: PlainMap): Promise<boolean> {
  const path = await cluster.path(type, namespaceOf(inputs), nameOf(inputs));
  return (await cluster.client.find(path)) !== undefined;
}

function failuresOf(type: TypeToken, inputs: PlainMap, error: ApiError, isNew: boolean): InputFailure[] {
  const paths = [UNKNOWN_FIELD, UNDECLARED_FIELD].flatMap((pattern) =>
    [...error.message.matchAll(pattern)].map((match) => match[1] ?? ""),
  );
  if (paths.length > 0) {
    return paths.map((path) => ({ path, reason: `${type.kind} (${type.apiVersion}) has no field ${path}` }));
  }
  if (error.code === 400) return [{ path: "", reason: refusal(type, inputs, error) }];
  // A change may be invalid only because the field cannot be changed in place, which the diff knows better.
  if (error.code !== 422 || !isNew || type.patch) return [];
  if (error.causes.length === 0) return [{ path: "", reason: refusal(type, inputs, error) }];
  return error.causes.map(({ field, message }) => ({ path: field, reason: message }));
}
