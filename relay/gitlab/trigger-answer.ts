import { isObject } from "../events/record";

/** What GitLab's answer to a trigger means. */
export type TriggerAnswer =
  | { readonly kind: "started"; readonly pipeline: string }
  /** The token is not this project's, or the project is not there: GitLab does not say which. */
  | { readonly kind: "token_refused" }
  /** It may work at once or in a moment: GitLab has not carried it out. */
  | { readonly kind: "again"; readonly reason: string }
  /** It will work later, or once somebody has mended something. */
  | { readonly kind: "later"; readonly reason: string; readonly says: string };

const TOO_MANY = /too many pipelines/i;
const LONGEST_SAYING = 300;

/** @param text the body, which may be anything: a proxy's page, half an answer. */
export function triggerAnswer(status: number, text: string): TriggerAnswer {
  const body = parsed(text);
  if (status === 201 && isObject(body) && Number.isSafeInteger(body.id))
    return { kind: "started", pipeline: String(body.id) };
  if (status === 404) return { kind: "token_refused" };
  if (status === 429) return { kind: "again", reason: "rate_limited" };
  if (status >= 500) return { kind: "again", reason: "server_error" };
  const says = sayingOf(body);
  // GitLab's limit of pipelines a minute comes as 400, not as 429.
  if (status === 400)
    return { kind: "later", reason: TOO_MANY.test(says) ? "rate_limited" : "refused", says };
  if (status === 401 || status === 403) return { kind: "later", reason: "refused", says };
  return { kind: "later", reason: "not_gitlab", says: `status ${status}` };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** `{"message": "…"}`, `{"message": {"base": ["…"]}}` or `{"error": "…"}`. */
function sayingOf(body: unknown): string {
  if (!isObject(body)) return "";
  const { message = body.error } = body;
  const base = isObject(message) ? message.base : message;
  const text = Array.isArray(base) ? base.filter((one) => typeof one === "string").join("; ") : base;
  return typeof text === "string" ? text.slice(0, LONGEST_SAYING) : "";
}
