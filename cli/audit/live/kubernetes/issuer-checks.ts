import { createPublicKey, type JsonWebKey } from "node:crypto";
import { reasonOf } from "../../../kubernetes/kubectl";
import { type Context, Skip } from "../../../verify/probe";
import { listOf } from "../../../verify/vault-access";
import type { Finding } from "../../finding";
import { mountOf } from "../declared-loop";
import { found } from "../found";

interface Discovery {
  readonly issuer?: string;
}

interface KeySet {
  readonly keys?: readonly JsonWebKey[];
}

/**
 * Whether Vault takes this cluster's word for who a service account is, where the method is jwt. Keys that Vault fetches itself
 * (`jwks_url`) cannot be held against anything from here. @throws Skip where one may not ask
 */
export async function issuerFindings({ declared, vault, kubectl }: Context): Promise<Finding[]> {
  const mount = mountOf(declared.loginPath);
  const config = await vault.read(`${mount}/config`);
  if (config === undefined || config.kubernetes_host !== undefined) return [];
  const raw = async <T>(path: string): Promise<T> => {
    const { code, stdout, stderr } = await kubectl.try(["get", "--raw", path]);
    if (code !== 0) throw new Skip(`${path} of the cluster: ${reasonOf(stderr)}`);
    return JSON.parse(stdout) as T;
  };
  const { issuer = "" } = await raw<Discovery>("/.well-known/openid-configuration");
  const wrong = ["oidc_discovery_url", "bound_issuer"].flatMap((name) => {
    const live = String(config[name] ?? "");
    return live === "" || live === issuer ? [] : [`${name} is ${live}, the cluster's issuer is ${issuer}`];
  });
  const pinned = listOf(config.jwt_validation_pubkeys);
  if (pinned.length > 0) {
    const { keys = [] } = await raw<KeySet>("/openid/v1/jwks");
    const own = keys.map((key) => derOf({ key, format: "jwk" }));
    const foreign = pinned.filter((pem) => !own.includes(derOf(pem))).length;
    if (foreign > 0)
      wrong.push(`${foreign} of ${pinned.length} jwt_validation_pubkeys are not the cluster's`);
  }
  return wrong.length > 0
    ? [found("vault-auth-issuer", mount, wrong.join("; "), `vault read ${mount}/config; pulumi up --refresh`)]
    : [];
}

/** Undefined for what is no public key. */
function derOf(key: Parameters<typeof createPublicKey>[0]): string | undefined {
  try {
    return createPublicKey(key).export({ type: "spki", format: "der" }).toString("base64");
  } catch {
    return undefined;
  }
}
