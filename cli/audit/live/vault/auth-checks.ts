import { listOf } from "../../../verify/vault-access";
import type { Finding } from "../../finding";
import { type DeclaredLoop, mountOf } from "../declared-loop";
import { found } from "../found";
import type { VaultFacts } from "./facts";

/** Whose word Vault takes for who logs in. */
export function authFindings(facts: VaultFacts, declared: DeclaredLoop): Finding[] {
  return [...jobIssuerFindings(facts, declared), ...reviewFindings(facts, declared)];
}

function jobIssuerFindings({ methods }: VaultFacts, { gitlab }: DeclaredLoop): Finding[] {
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

/** Whether it is the cluster's own CA is looked at in the cluster. */
function reviewFindings({ methods }: VaultFacts, { loginPath }: DeclaredLoop): Finding[] {
  const path = mountOf(loginPath);
  const config = methods?.find((method) => method.path === path)?.config;
  const host = config?.kubernetes_host;
  if (config === undefined || typeof host !== "string") return [];
  const mend = `vault read ${path}/config; pulumi up --refresh`;
  if (!host.startsWith("https://"))
    return [found("vault-auth-ca", path, `tokens are reviewed by ${host}, without TLS`, mend)];
  return config.disable_local_ca_jwt === true && !config.kubernetes_ca_cert
    ? [found("vault-auth-ca", path, `no CA is set: ${host} may be whoever a public CA has signed for`, mend)]
    : [];
}

function differs(name: string, live: unknown, wanted: string): string | undefined {
  if ((live ?? "") === wanted) return undefined;
  return `${name} is ${live || "not set"}, declared is ${wanted || "none"}`;
}
