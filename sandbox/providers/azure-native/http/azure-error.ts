import type { PlainMap, PlainValue } from "../../engine/resource-type";
import { isList, isMap } from "../../engine/wire";
import { mapIn } from "./json";

/** Azure's reason for a refusal: a code such as `ConflictError`, and a sentence. */
export interface Complaint {
  readonly code: string;
  readonly message: string;
}

/** What Azure answered to a request that it did not fulfil. */
export class AzureError extends Error {
  override readonly name = "AzureError";
  readonly code: string;

  constructor(
    readonly status: number,
    body: PlainMap,
    readonly doing: string,
  ) {
    const { code, message } = complaintIn(body);
    const help = advice(status, code, message);
    const numbers = [String(status), code].filter((part) => part !== "").join(" ");
    const reason = message || "no reason given";
    super(`Azure refused to ${doing} (${numbers}): ${help ? withoutStop(reason) + help : reason}`);
    this.code = code;
  }
}

/**
 * ARM has the reason in `error`, with more of it in `details`, and in those of a deployment as a text of JSON; the App Service has it on
 * the outside, in capitals; a vault has the code that says more in `innererror`.
 */
export function complaintIn(body: PlainMap): Complaint {
  const inner = isMap(body.error) ? body.error : body;
  const own = isMap(inner.innererror) ? textOf(inner.innererror.code) : "";
  const code = own || textOf(inner.code ?? inner.Code ?? inner.error);
  const said = textOf(inner.message ?? inner.Message);
  const packed = mapIn({ text: said });
  if (Object.keys(packed).length > 0) return complaintIn(packed);
  const message = said.replace(/\s+/g, " ");
  const details = isList(inner.details) ? inner.details.filter(isMap) : [];
  const reasons = [message, ...details.map((detail) => reasonIn(detail, message))];
  return { code, message: [...new Set(reasons)].filter((reason) => reason !== "").join("; ") };
}

function reasonIn(detail: PlainMap, known: string): string {
  const { code, message } = complaintIn(detail);
  if (message === known) return "";
  return [code, message].filter((part) => part !== "").join(": ");
}

/** A sentence that something follows. */
export function withoutStop(sentence: string): string {
  return sentence.replace(/\.$/, "");
}

function textOf(value: PlainValue | undefined): string {
  return typeof value === "string" ? value.trim() : "";
}

function advice(status: number, code: string, message: string): string {
  if (/deleted( but recoverable)? state/i.test(message)) {
    return "; recover it (a vault by createMode: recover), purge it, or take another name: a deleted name stays taken for days";
  }
  switch (code) {
    case "AuthorizationFailed":
    case "LinkedAuthorizationFailed":
      return "; give the deployer a role for it: one that was just given takes minutes to count";
    case "ForbiddenByRbac":
      return "; the deployer needs a data role on the vault as well, such as Key Vault Crypto Officer";
    case "KeyBasedAuthenticationNotPermitted":
      return "; blobs are written by the account's key, as the official provider does: leave allowSharedKeyAccess on, or deploy the file by other means";
    case "ConcurrentFederatedIdentityCredentialsWritesForSingleManagedIdentity":
      return "; write one after the other: let each depend on the one before";
    case "SubscriptionNotFound":
      return "; ARM_SUBSCRIPTION_ID names no subscription that the deployer may see";
    case "MissingSubscriptionRegistration":
      return "; register the resource provider in the subscription";
    default:
      return status === 401 ? "; Azure does not take the token: see ARM_TENANT_ID" : "";
  }
}
