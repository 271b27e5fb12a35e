/** A path of Vault's API and what may be done on it. Paths are literal: a glob in the middle silently denies. */
export interface Grant {
  readonly path: string;
  readonly capabilities: readonly ("read" | "update")[];
}

/** The HCL text of a policy. */
export function policyText(grants: readonly Grant[]): string {
  return grants
    .map(({ path, capabilities }) => {
      const list = capabilities.map((capability) => `"${capability}"`).join(", ");
      return `path "${path}" {\n  capabilities = [${list}]\n}\n`;
    })
    .join("\n");
}

/**
 * What each party may do with the key. Never `create`: on encrypt it would make a mistyped key instead of failing.
 * - `guide`: the Flux guide's own policy, encrypt and decrypt.
 * - `decrypt`: Flux.
 * - `pipeline`: encrypt new values and wrap old data keys anew, without ever seeing them.
 * - `status`: see the key's versions, to tell which files are stale.
 * - `rewrap`: GitLab's rewrap job, which has nothing to encrypt.
 * - `chart`: encrypt new values, and tell by a keyed digest which have not changed.
 */
export function keyGrants(mount: string, key: string) {
  return {
    guide: [
      { path: `${mount}/encrypt/${key}`, capabilities: ["update"] },
      { path: `${mount}/decrypt/${key}`, capabilities: ["update"] },
    ],
    decrypt: [{ path: `${mount}/decrypt/${key}`, capabilities: ["update"] }],
    pipeline: [
      { path: `${mount}/encrypt/${key}`, capabilities: ["update"] },
      { path: `${mount}/rewrap/${key}`, capabilities: ["update"] },
    ],
    status: [{ path: `${mount}/keys/${key}`, capabilities: ["read"] }],
    rewrap: [
      { path: `${mount}/rewrap/${key}`, capabilities: ["update"] },
      { path: `${mount}/keys/${key}`, capabilities: ["read"] },
    ],
    chart: [
      { path: `${mount}/encrypt/${key}`, capabilities: ["update"] },
      { path: `${mount}/hmac/${key}`, capabilities: ["update"] },
    ],
  } as const satisfies Record<string, readonly Grant[]>;
}
