import { fieldOf } from "../../verify/vault-access";

/** What is read of an answered request. Nothing of what was sent or answered is. */
export interface LogEntry {
  /** Milliseconds since 1970. */
  readonly time: number;
  /** Without the namespace. */
  readonly path: string;
  /** `update`, `read`, `delete` … */
  readonly operation: string;
  /** Path of the namespace without a slash at its end; empty for the root. */
  readonly namespace: string;
  readonly address: string;
  /** Undefined for a token that Vault does not know, and for a login that was refused. */
  readonly identity: string | undefined;
  /** What the auth method said of who logged in: `role`, `service_account_name` … */
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly error: string | undefined;
  /** Tells one login's requests from another's: Vault's hash of the token, since tokens of jobs have no accessor. Compared, and never told. */
  readonly login: string | undefined;
  /** Items of a batch; 1 without. */
  readonly items: number;
}

/** `request`: an entry that its response will follow; undefined: no entry of an audit log. */
export function logEntry(line: string): LogEntry | "request" | undefined {
  const entry = parsed(line);
  const request = fieldOf(entry, "request");
  const { type, time, error } = (entry ?? {}) as Readonly<Record<string, unknown>>;
  const at = typeof time === "string" ? Date.parse(time) : Number.NaN;
  if (request === undefined || typeof request.path !== "string" || Number.isNaN(at)) return undefined;
  if (type === "request") return "request";
  if (type !== "response") return undefined;
  const auth = fieldOf(entry, "auth");
  const batch = fieldOf(request, "data")?.batch_input;
  return {
    time: at,
    path: request.path,
    operation: String(request.operation ?? ""),
    namespace: String(fieldOf(request, "namespace")?.path ?? "").replace(/\/$/, ""),
    address: String(request.remote_address ?? ""),
    identity: typeof auth?.display_name === "string" ? auth.display_name : undefined,
    metadata: fieldOf(auth, "metadata") ?? {},
    error: typeof error === "string" && error !== "" ? error : undefined,
    login: typeof request.client_token === "string" ? request.client_token : undefined,
    items: Array.isArray(batch) ? batch.length : 1,
  };
}

function parsed(line: string): object | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === "object" && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}
