/** What Vault answered. Any status that is not worth another try is an answer. */
export interface VaultAnswer {
  readonly status: number;
  /** Parsed JSON; undefined for an empty body or none that is JSON. */
  readonly body: unknown;
  /** The namespace in which Vault looked for the path, where the request named one beside it. */
  readonly namespace?: string;
}

/** The reasons in an answer of Vault, on one line. They name paths and versions, never a value. */
export function errorsOf(body: unknown): string {
  const errors = typeof body === "object" && body !== null ? Reflect.get(body, "errors") : undefined;
  if (!Array.isArray(errors)) return "";
  return errors.map(String).join("; ").replace(/\s+/g, " ").trim().slice(0, 300);
}
