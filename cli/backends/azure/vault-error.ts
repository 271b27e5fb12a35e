import { jsonOf } from "../http/json-body";

/** What a vault says of a refusal: `error.code`, `error.innererror.code` and `error.message`. */
export interface VaultError {
  readonly code: string;
  /** One line. It names keys and callers, never a value. */
  readonly message: string;
}

export function vaultErrorOf(body: Buffer): VaultError {
  const error = fieldOf(jsonOf(body), "error");
  const inner = fieldOf(error, "innererror");
  const code = textOf(inner, "code") || textOf(error, "code");
  return { code, message: textOf(error, "message").replace(/\s+/g, " ").trim().slice(0, 300) };
}

export function fieldOf(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined;
}

function textOf(value: unknown, name: string): string {
  const text = fieldOf(value, name);
  return typeof text === "string" ? text : "";
}
