import type { Core } from "../core";
import { ArmRefusal } from "./arm-refusal";
import type { Operation } from "./operations";
import type { Reply, ResourceType } from "./resource-type";

const ARM = "https://management.azure.com";
const PATH =
  /^\/subscriptions\/[^/]+\/providers\/[^/]+\/locations\/[^/]+\/(operationsStatus|operationResults)\/([^/]+)$/i;

/** What a client that waits for a slow operation is told; undefined for a path of something else. */
export function operationReply(core: Core, path: string, query: string): Reply | undefined {
  const [, kind = "", id = ""] = PATH.exec(path) ?? [];
  if (kind === "") return undefined;
  const operation = core.operations.get(id);
  if (operation === undefined)
    throw new ArmRefusal(404, "OperationNotFound", `The operation '${id}' was not found.`);
  const retry = { "retry-after": String(core.settings.retryAfter) };
  if (/results/i.test(kind)) return byLocation(operation, `${ARM}${path}${query}`, retry);
  const { status, error } = operation;
  return {
    status: 200,
    headers: status === "InProgress" ? retry : {},
    body: { id: `${ARM}${path}`, name: id.toLowerCase(), status, ...(error && { error }) },
  };
}

/** Headers of the answer that begins a slow operation. */
export function operationHeaders(
  core: Core,
  { name, slow }: ResourceType,
  operation: Operation,
  place: { readonly subscription: string; readonly location: string; readonly apiVersion: string },
): Record<string, string> {
  const [namespace = ""] = name.split("/");
  const base = `${ARM}/subscriptions/${place.subscription}/providers/${namespace}/locations/${place.location}`;
  const url = (kind: string) =>
    `${base}/${kind}/${operation.id.toUpperCase()}?api-version=${place.apiVersion}`;
  const retry = { "retry-after": String(core.settings.retryAfter) };
  return slow === "Location"
    ? { location: url("operationResults"), ...retry }
    : { "azure-asyncoperation": url("operationsStatus"), location: url("operationResults"), ...retry };
}

function byLocation({ status, error, result }: Operation, url: string, retry: Record<string, string>): Reply {
  if (status === "InProgress") return { status: 202, headers: { location: url, ...retry } };
  if (status === "Succeeded") return { status: 200, ...(result && { body: result }) };
  return { status: 409, body: { error: error ?? {} } };
}
