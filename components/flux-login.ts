import * as pulumi from "@pulumi/pulumi";
import type { Config } from "./config";
import { configPath } from "./config/problems";
import { caCertificate } from "./kubernetes/ca-certificate";
import { TokenReviewer } from "./kubernetes/token-reviewer";
import type { TakeOvers } from "./vault/existing";
import { JwtLogin, type SigningKeys } from "./vault/jwt-login";
import { KubernetesLogin, type Reviewer } from "./vault/kubernetes-login";
import type { DecryptorLogin } from "./vault/login";
import type { SopsPolicies } from "./vault/sops-policies";

/** Where an in-cluster Vault finds the API server. */
const IN_CLUSTER_HOST = "https://kubernetes.default.svc";

export interface FluxLoginOptions {
  readonly providers: Record<"vault" | "kubernetes", pulumi.ProviderResource>;
  /** What has to be in Vault before the auth method is enabled. */
  readonly dependsOn?: pulumi.Resource;
}

/** The way Flux logs in to Vault, by the config's `vault.auth.method`. */
export function fluxLogin(
  config: Config,
  policies: SopsPolicies,
  existing: TakeOvers,
  options: FluxLoginOptions,
): DecryptorLogin {
  const { providers } = options;
  const { auth, address } = config.vault;
  const isShared = config.flux.installation === "shared";
  if (isShared && !existing.has("auth", auth.mount)) throw new pulumi.RunError(noMethod(auth.mount));
  const shared = {
    shared: isShared,
    mount: auth.mount,
    decryptors: config.flux.decryptors,
    audience: address,
    policy: policies.decrypt,
    tokenTtl: auth.tokenTtl,
    existing,
  };
  if (auth.method === "jwt") {
    const keys = signingKeys(auth.keys, providers.kubernetes);
    return new JwtLogin("flux", { ...shared, keys, issuer: auth.issuer }, options);
  }
  return new KubernetesLogin(
    "flux",
    {
      ...shared,
      host: config.kubernetes.host ?? IN_CLUSTER_HOST,
      reviewer: reviewerOf(config, providers.kubernetes),
      guide: policies.guide && { policy: policies.guide, fluxNamespace: config.flux.namespace },
    },
    options,
  );
}

function reviewerOf(config: Config, provider: pulumi.ProviderResource): Reviewer | undefined {
  const { auth } = config.vault;
  if (auth.method !== "kubernetes" || auth.reviewer.mode === "in-cluster") return undefined;
  if (config.flux.installation === "shared") return undefined;
  const { namespace = config.flux.namespace, serviceAccount } = auth.reviewer;
  const reviewer = new TokenReviewer("reviewer", { namespace, serviceAccount }, { providers: [provider] });
  const { ca } = config.kubernetes;
  return { jwt: reviewer.jwt, caPem: ca ? caCertificate("kubernetes-ca", ca, { provider }) : reviewer.caPem };
}

function noMethod(mount: string): string {
  return `${configPath(["vault", "auth", "mount"])}: is ${mount}, where no auth method is; name the one that the stack that patches Flux has made, and run that stack first`;
}

type KeySettings = Extract<Config["vault"]["auth"], { method: "jwt" }>["keys"];

function signingKeys(keys: KeySettings, provider: pulumi.ProviderResource): SigningKeys {
  if ("pem" in keys) return keys;
  const { ca, ...source } = keys;
  return ca ? { ...source, caPem: caCertificate("issuer-ca", ca, { provider }) } : source;
}
