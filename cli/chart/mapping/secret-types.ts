/** What the API server asks of a Secret of this type. */
export interface SecretType {
  /** Keys without which it is refused. */
  readonly keys: readonly string[];
  /** Of these keys at least one. */
  readonly oneOf?: readonly string[];
  /** Keys whose values have to be JSON. */
  readonly json: readonly string[];
}

const TYPES: ReadonlyMap<string, SecretType> = new Map([
  ["kubernetes.io/tls", { keys: ["tls.crt", "tls.key"], json: [] }],
  ["kubernetes.io/ssh-auth", { keys: ["ssh-privatekey"], json: [] }],
  ["kubernetes.io/basic-auth", { keys: [], oneOf: ["username", "password"], json: [] }],
  ["kubernetes.io/dockerconfigjson", { keys: [".dockerconfigjson"], json: [".dockerconfigjson"] }],
  ["kubernetes.io/dockercfg", { keys: [".dockercfg"], json: [".dockercfg"] }],
]);

/** Any other type holds whatever it likes. Source: the API server's ValidateSecret. */
export function secretType(type: string): SecretType {
  return TYPES.get(type) ?? { keys: [], json: [] };
}
