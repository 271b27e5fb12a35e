import { createHash } from "node:crypto";

/**
 * A GUID that follows from what it names. Role assignments and definitions are named by GUIDs, and Azure refuses a second of the same
 * content: after a run that was killed, one made by chance would have to be searched for before it could be imported.
 */
export function stableGuid(...parts: readonly string[]): string {
  const hex = createHash("sha256").update(parts.join("\n")).digest("hex");
  const version = `8${hex.slice(13, 16)}`;
  const variant = `a${hex.slice(17, 20)}`;
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${version}-${variant}-${hex.slice(20, 32)}`;
}
