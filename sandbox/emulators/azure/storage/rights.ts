import type { Plane } from "../arm/access";
import type { StorageKind } from "./azurite";

/** What a request to storage needs a role for; one of the actions is enough. */
export interface Need {
  readonly plane: Plane;
  readonly actions: readonly string[];
  /** Below the account's id. */
  readonly scope: string;
}

const ACCOUNTS = "Microsoft.Storage/storageAccounts";

/** Undefined for what is not emulated. */
export function needOf(kind: StorageKind, method: string, url: URL): Need | undefined {
  return kind === "blob" ? blobNeed(method, url) : tableNeed(method, url);
}

function blobNeed(method: string, url: URL): Need | undefined {
  const [container = "", ...rest] = url.pathname.split("/").filter((part) => part !== "");
  const [type, comp] = [url.searchParams.get("restype"), url.searchParams.get("comp")];
  const reads = method === "GET" || method === "HEAD";
  const service = "/blobServices/default";
  const containers = `${ACCOUNTS}/blobServices/containers`;
  const control = (action: string, scope: string): Need => ({ plane: "control", actions: [action], scope });
  const data = (scope: string, ...verbs: string[]): Need => ({
    plane: "data",
    actions: verbs.map((verb) => `${containers}/blobs/${verb}`),
    scope,
  });
  if (comp === "batch") return undefined;
  if (container === "") {
    if (comp === "userdelegationkey")
      return control(`${ACCOUNTS}/blobServices/generateUserDelegationKey/action`, service);
    return comp === "list"
      ? control(`${containers}/read`, service)
      : control(`${ACCOUNTS}/blobServices/${reads ? "read" : "write"}`, service);
  }
  const scope = `${service}/containers/${decodeURIComponent(container)}`;
  if (type === "container" && rest.length === 0) {
    if (comp === "list") return data(scope, "read");
    if (method === "DELETE") return control(`${containers}/delete`, scope);
    return control(`${containers}/${reads ? "read" : "write"}`, scope);
  }
  if (reads) return data(scope, "read");
  return method === "DELETE" ? data(scope, "delete") : data(scope, "write", "add/action");
}

const TABLE =
  /^\/(?:Tables\('(?<made>[^']+)'\)|(?<all>Tables(?:\(\))?)|(?<name>[A-Za-z][A-Za-z0-9]{2,62})(?:\(.*\))?)$/;

function tableNeed(method: string, url: URL): Need | undefined {
  const service = "/tableServices/default";
  const tables = `${ACCOUNTS}/tableServices/tables`;
  const { made, all, name } = TABLE.exec(decodeURIComponent(url.pathname))?.groups ?? {};
  const control = (verb: string, scope: string): Need => ({
    plane: "control",
    actions: [`${tables}/${verb}`],
    scope,
  });
  if (made !== undefined)
    return control(method === "DELETE" ? "delete" : "read", `${service}/tables/${made}`);
  if (all !== undefined) return control(method === "POST" ? "write" : "read", service);
  if (name === undefined) return undefined;
  const verbs: Readonly<Record<string, readonly string[]>> = {
    GET: ["read"],
    POST: ["write", "add/action"],
    PUT: ["write", "update/action"],
    MERGE: ["write", "update/action"],
    PATCH: ["write", "update/action"],
    DELETE: ["delete", "write"],
  };
  const actions = (verbs[method] ?? []).map((verb) => `${tables}/entities/${verb}`);
  return { plane: "data", actions, scope: `${service}/tables/${name}` };
}
