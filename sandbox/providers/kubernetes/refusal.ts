import type { PlainMap } from "../engine/resource-type";
import { type ApiError, isApiError } from "./api-error";
import { CONTROL } from "./control-annotations";
import { idOf } from "./manifest";
import { isSecret, redacted } from "./secret-data";
import type { TypeToken } from "./type-token";

const CONFLICT = "FieldManagerConflict";
const REQUIRED = "FieldValueRequired";

/** Runs a request about an object; what the server refuses becomes one line that names the object and the way out. */
export async function explained<T>(type: TypeToken, object: PlainMap, request: () => Promise<T>): Promise<T> {
  try {
    return await request();
  } catch (error) {
    throw isApiError(error) ? new Error(refusal(type, object, error)) : error;
  }
}

/** The server's reason in one line, with a Secret's values blotted out. */
export function refusal(type: TypeToken, object: PlainMap, error: ApiError): string {
  const what = `${type.kind} "${idOf(object)}"`;
  const line = `${what}: ${explain(type, error)}`.replace(/\s*\n\s*/g, " ").trim();
  return isSecret(type) ? redacted(line, object) : line;
}

function explain(type: TypeToken, error: ApiError): string {
  const conflicts = error.causes.filter((cause) => cause.reason === CONFLICT);
  if (conflicts.length > 0) {
    const fields = conflicts.map(({ field, message }) => `${field} (${message})`).join(", ");
    return `another field manager owns ${fields}; let it go there, or set the annotation ${CONTROL.patchForce}: "true" to take it over`;
  }
  if (error.reason === "AlreadyExists") {
    return "exists in the cluster already; import it, or set upsertExistingObjects: true on the provider to take it over";
  }
  if (type.patch && error.causes.some((cause) => cause.reason === REQUIRED)) {
    const fields = error.causes.map((cause) => cause.field).join(", ");
    return `the patch is the only owner of the required field ${fields}; give it another owner first, or set retainOnDelete`;
  }
  return error.message;
}
