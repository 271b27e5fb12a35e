import type { PlainMap } from "../engine/resource-type";
import { isList, isMap } from "../engine/wire";

/** One of the several things that may be wrong with a request. */
export interface Cause {
  /** `FieldManagerConflict`, `FieldValueRequired`, … */
  readonly reason: string;
  readonly message: string;
  /** Path in the manifest, without the leading dot. */
  readonly field: string;
}

/** The API server's own refusal (a `Status` object). */
export class ApiError extends Error {
  override readonly name = "ApiError";
  constructor(
    /** HTTP status. */
    readonly code: number,
    /** Its machine-readable word: `NotFound`, `AlreadyExists`, `Conflict`, `Invalid`, `Forbidden`, … */
    readonly reason: string,
    message: string,
    readonly causes: readonly Cause[],
  ) {
    super(message);
  }

  /** Reads the body of a failed request; a body that is no `Status` (from a proxy, say) is quoted in short. */
  static from(code: number, body: string): ApiError {
    const status = parseStatus(body);
    if (status === undefined) return new ApiError(code, "", `HTTP ${code}: ${body.slice(0, 200)}`, []);
    const details = isMap(status.details) ? status.details : {};
    const causes = isList(details.causes) ? details.causes.filter(isMap).map(causeOf) : [];
    return new ApiError(code, text(status.reason), text(status.message) || `HTTP ${code}`, causes);
  }
}

export function isApiError(error: unknown, ...codes: readonly number[]): error is ApiError {
  return error instanceof ApiError && (codes.length === 0 || codes.includes(error.code));
}

function parseStatus(body: string): PlainMap | undefined {
  try {
    const parsed = JSON.parse(body) as PlainMap;
    return isMap(parsed) && parsed.kind === "Status" ? parsed : undefined;
  } catch {
    return undefined;
  }
}

function causeOf(cause: PlainMap): Cause {
  return {
    reason: text(cause.reason),
    message: text(cause.message),
    field: text(cause.field).replace(/^\./, ""),
  };
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}
