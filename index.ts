import * as pulumi from "@pulumi/pulumi";
import { auditOf } from "./components/audit";
import { type Config, loadConfig } from "./components/config";
import { fluxLogin } from "./components/flux-login";
import { fluxLoop } from "./components/flux-loop";
import { gitlabLoop } from "./components/gitlab-loop";
import { caCertificate } from "./components/kubernetes/ca-certificate";
import { gitlabProvider, providersOf } from "./components/providers";
import { sopsConfigText, transitKeyUri } from "./components/sops/sops-config";
import { existingInVault } from "./components/vault/existing-in-vault";
import { FileAudit } from "./components/vault/file-audit";
import { roleNameOf } from "./components/vault/login";
import { policyScope, SopsPolicies } from "./components/vault/sops-policies";
import { TransitKey } from "./components/vault/transit-key";

async function secretsLoop(config: Config) {
  const { vault, flux, gitlab, azure } = config;
  const providers = providersOf(config);
  const existing = await existingInVault(config, providers.vault);

  // First of all: while an audit device comes up, Vault may do a request, fail to log its answer, and report an error.
  const log = vault.audit && new FileAudit("vault", { ...vault.audit, existing }, { providers });
  const logged = { providers, ...(log && { dependsOn: log }) };

  // The key, and who may do what with it.
  const key = new TransitKey("sops", { ...vault.transit, existing }, logged);
  const policies = new SopsPolicies(
    "sops",
    { key, scope: policyScope(vault.transit), guide: vault.guide, existing },
    logged,
  );

  // The same in Azure, whose SDK is only loaded where there is one.
  const cloud =
    azure &&
    (await (await import("./components/azure-loop")).azureLoop({ ...config, azure }, providers.kubernetes));

  // Who logs in, and what Flux decrypts once it can.
  const login = fluxLogin(config, policies, existing, logged);
  const vaultCa = vault.ca && caCertificate("vault-ca", vault.ca, { provider: providers.kubernetes });
  const { delivery, loginPath, patches } = fluxLoop(config, {
    login,
    vaultCa,
    azure: cloud?.flux,
    providers,
  });

  const uri = pulumi
    .all([key.mount, key.key])
    .apply(([mount, name]) =>
      transitKeyUri({ address: vault.address, namespace: vault.namespace, mount, key: name }),
    );
  const sopsConfig = pulumi.all([uri, cloud?.urls ?? []]).apply(([vaultTransitUri, azureKeyUrls]) =>
    sopsConfigText({
      ...config.sops,
      vaultTransitUri,
      azureKeyUrls,
      ageRecipients: config.age?.recipients ?? [],
    }),
  );

  // Who changes the deploy repository, and how Flux hears of it.
  const pipelines =
    gitlab &&
    (await gitlabLoop(
      { ...config, gitlab },
      {
        ...{ key, policies, sopsConfig, vaultCa, existing, delivery, azure: cloud },
        providers: { ...providers, gitlab: gitlabProvider(gitlab) },
        ...(log && { dependsOn: log }),
      },
    ));

  // What happens when the key in Azure rotates.
  const rotation = pipelines && cloud?.rotation({ ...pipelines.outputs, caPem: pipelines.caPem });
  return {
    /** For auditors: who can decrypt what, with which key version. */
    audit: auditOf({
      address: vault.address,
      key,
      policies,
      login,
      delivery,
      log,
      pipelines,
      azure: cloud?.records,
    }),
    /** Vault's address in the one form that Flux, sops and the roles all use. */
    vaultAddress: vault.address,
    /** The key as sops names it, such as `https://vault.example.com:8200/v1/transit/keys/sops`. */
    vaultTransitUri: uri,
    /** Text of `.sops.yaml` for the deploy repository. */
    sopsConfig,
    /** Path that Flux logs in at, such as `auth/kubernetes/login`. */
    loginPath,
    /** Names of the policies by what they are for. */
    policyNames: { decrypt: policies.decrypt, pipeline: policies.pipeline, status: policies.status },
    /** Names of Vault's roles by decryptor. */
    decryptRoles: Object.fromEntries(
      Object.entries(flux.decryptors).map(([name, decryptor]) => [name, roleNameOf(decryptor)]),
    ),
    /** Patches to commit where Flux's own repository or operator owns the controller; empty where it is patched here. */
    fluxPatches: patches,
    /** The deploy repository in GitLab, absent without one; its trigger tokens are secret. */
    gitlab: pipelines?.outputs,
    /** Keys and identities in Azure, absent without it; what its relay knows is secret. */
    azure: cloud && { ...cloud.outputs, relay: rotation },
  };
}

// A promise for each output, so that one that is unknown or secret does not make the others so.
const loop = secretsLoop(loadConfig());
export const audit = loop.then((outputs) => outputs.audit);
export const vaultAddress = loop.then((outputs) => outputs.vaultAddress);
export const vaultTransitUri = loop.then((outputs) => outputs.vaultTransitUri);
export const sopsConfig = loop.then((outputs) => outputs.sopsConfig);
export const loginPath = loop.then((outputs) => outputs.loginPath);
export const policyNames = loop.then((outputs) => outputs.policyNames);
export const decryptRoles = loop.then((outputs) => outputs.decryptRoles);
export const fluxPatches = loop.then((outputs) => outputs.fluxPatches);
export const gitlab = loop.then((outputs) => outputs.gitlab);
export const azure = loop.then((outputs) => outputs.azure);
