import { listOf } from "../../../verify/vault-access";
import type { Finding } from "../../finding";
import type { DeclaredLoop } from "../declared-loop";
import { found } from "../found";
import type { VaultFacts } from "./facts";

/** Whose word Vault takes for who a job of GitLab is. */
export function authFindings({ methods }: VaultFacts, { gitlab }: DeclaredLoop): Finding[] {
  if (gitlab === undefined) return [];
  const path = `auth/${gitlab.authPath}`;
  const config = methods?.find((method) => method.path === path)?.config;
  if (config === undefined) return [];
  const wrong = [
    differs("oidc_discovery_url", config.oidc_discovery_url, gitlab.address),
    differs("bound_issuer", config.bound_issuer, gitlab.address),
    differs("jwks_url", config.jwks_url, ""),
    ...(listOf(config.jwt_validation_pubkeys).length > 0 ? ["jwt_validation_pubkeys is set"] : []),
  ].filter((line) => line !== undefined);
  return wrong.length > 0
    ? [found("vault-auth-issuer", path, wrong.join("; "), `vault read ${path}/config; pulumi up --refresh`)]
    : [];
}

function differs(name: string, live: unknown, wanted: string): string | undefined {
  if ((live ?? "") === wanted) return undefined;
  return `${name} is ${live || "not set"}, declared is ${wanted || "none"}`;
}
