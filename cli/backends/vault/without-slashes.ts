/** A path of Vault's without the slashes around it, with which it is written as often. */
export function withoutSlashes(path: string): string {
  return path.replace(/^\/+|\/+$/g, "");
}
