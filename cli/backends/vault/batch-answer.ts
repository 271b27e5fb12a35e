/** One item of an answer of Vault's transit engine. */
export interface BatchItem {
  readonly ciphertext?: unknown;
  readonly plaintext?: unknown;
  readonly error?: unknown;
}

/** The `data` of an answer, or what a login answers under `auth`; empty where there is none. */
export function dataOf(body: unknown, field: "data" | "auth" = "data"): Readonly<Record<string, unknown>> {
  const data = typeof body === "object" && body !== null ? Reflect.get(body, field) : undefined;
  return typeof data === "object" && data !== null ? data : {};
}

/** Vault answers a batch in the order it was asked; `decrypt` with 400 where any item failed, `rewrap` with 200. */
export function resultsOf(body: unknown): readonly BatchItem[] {
  const { batch_results: results } = dataOf(body);
  return Array.isArray(results) ? results.filter((item) => typeof item === "object" && item !== null) : [];
}
