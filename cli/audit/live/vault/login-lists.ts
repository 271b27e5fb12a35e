import { listOf } from "../../../verify/vault-access";

/** Where each auth method of Vault keeps what gives policies, behind its mount. */
export const LOGIN_LISTS: Readonly<Record<string, readonly string[]>> = {
  kubernetes: ["role"],
  jwt: ["role"],
  oidc: ["role"],
  approle: ["role"],
  userpass: ["users"],
  cert: ["certs"],
  ldap: ["users", "groups"],
  okta: ["users", "groups"],
  radius: ["users"],
  kerberos: ["groups"],
  github: ["map/teams", "map/users"],
  aws: ["roles"],
  azure: ["role"],
  gcp: ["roles"],
  alicloud: ["roles"],
  oci: ["role"],
  cf: ["roles"],
  saml: ["role"],
  token: ["roles"],
};

/** AWS and some others list in the plural and read in the singular. */
export function readPath(type: string, list: string): string {
  return list === "roles" && type !== "token" && type !== "cf" ? "role" : list;
}

/** What the tokens of a login have. A token role allows policies, and patterns of them, that whoever uses it may choose from. */
export function policiesOf(
  type: string,
  fields: Readonly<Record<string, unknown>>,
  known: readonly string[],
): string[] {
  if (type === "github") return withDefault(String(fields.value ?? "").split(","));
  if (type === "token") {
    const allowed = listOf(fields.allowed_policies);
    const patterns = listOf(fields.allowed_policies_glob);
    const matched = known.filter((name) => patterns.some((pattern) => matches(pattern, name)));
    return withDefault([...allowed, ...matched]);
  }
  const policies = [...listOf(fields.token_policies), ...listOf(fields.policies)];
  return fields.token_no_default_policy === true ? unique(policies) : withDefault(policies);
}

function withDefault(policies: readonly string[]): string[] {
  return unique([...policies, "default"]);
}

function unique(policies: readonly string[]): string[] {
  return [...new Set(policies.map((name) => name.trim()).filter((name) => name !== ""))].sort();
}

/** As Vault's own globs: a star at either end. */
function matches(pattern: string, name: string): boolean {
  const text = pattern.replace(/^\*|\*$/g, "");
  if (pattern.startsWith("*") && pattern.endsWith("*")) return name.includes(text);
  if (pattern.endsWith("*")) return name.startsWith(text);
  return pattern.startsWith("*") ? name.endsWith(text) : name === pattern;
}
