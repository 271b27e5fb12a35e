/** A version as one reads it: Azure's are 32 digits, of which nobody needs more than the first. */
export function versionName(version: string): string {
  return version.length > 12 ? `${version.slice(0, 8)}…` : version;
}
