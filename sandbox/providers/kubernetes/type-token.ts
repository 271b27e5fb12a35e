/** What a Pulumi type token says of a Kubernetes object: `kubernetes:rbac.authorization.k8s.io/v1:Role`. */
export interface TypeToken {
  /** As in a manifest: `v1`, `rbac.authorization.k8s.io/v1`. */
  readonly apiVersion: string;
  /** As in a manifest, without the `Patch` that marks a patch resource in the token. */
  readonly kind: string;
  /** A patch resource owns some fields of an object that somebody else made. */
  readonly patch: boolean;
}

const TOKEN = /^kubernetes:([a-z0-9.-]+)\/([a-z0-9]+):([A-Z][A-Za-z0-9]*)$/;
const PATCH = "Patch";

/** `undefined` for what is no object type, such as `kubernetes:yaml:ConfigFile`. */
export function parseTypeToken(token: string): TypeToken | undefined {
  const [, group, version, name] = TOKEN.exec(token) ?? [];
  if (group === undefined || version === undefined || name === undefined) return undefined;
  const patch = name.endsWith(PATCH) && name !== PATCH;
  return {
    apiVersion: group === "core" ? version : `${group}/${version}`,
    kind: patch ? name.slice(0, -PATCH.length) : name,
    patch,
  };
}
