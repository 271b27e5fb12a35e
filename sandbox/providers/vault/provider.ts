import type { StandInProvider } from "../engine/resource-type";
import { connectionOf } from "./connection";
import type { Definition } from "./definition";
import { GENERIC_SECRET, readGenericSecret } from "./generic-secret";
import { audit } from "./types/audit";
import { authBackend } from "./types/auth-backend";
import { endpoint } from "./types/endpoint";
import { jwtBackend } from "./types/jwt-backend";
import { jwtRole } from "./types/jwt-role";
import { kubernetesConfig } from "./types/kubernetes-config";
import { kubernetesRole } from "./types/kubernetes-role";
import { mount } from "./types/mount";
import { policy } from "./types/policy";
import { transitKey } from "./types/transit-key";
import { VaultClient } from "./vault-client";
import { vaultType } from "./vault-type";

const DEFINITIONS: readonly Definition[] = [
  mount,
  endpoint,
  transitKey,
  policy,
  authBackend,
  kubernetesConfig,
  kubernetesRole,
  jwtBackend,
  jwtRole,
  audit,
];

/** The stand-in for pulumi-vault: the resource types that the program declares, on Vault's own HTTP API. */
export const vaultProvider: StandInProvider<VaultClient> = {
  name: "vault",
  version: "7.8.0",
  types: new Map(DEFINITIONS.map((definition) => [definition.token, vaultType(definition)])),
  functions: new Map([[GENERIC_SECRET, readGenericSecret]]),
  configKeys: [
    "address",
    "token",
    "tokenName",
    "caCertFile",
    "tlsServerName",
    "namespace",
    "skipChildToken",
    "skipTlsVerify",
    "skipGetVaultVersion",
    "setNamespaceFromToken",
    "maxLeaseTtlSeconds",
    "maxRetries",
    "maxRetriesCcc",
  ],
  secretConfigKeys: ["token"],
  jsonConfigKeys: [
    "skipChildToken",
    "skipTlsVerify",
    "skipGetVaultVersion",
    "setNamespaceFromToken",
    "maxLeaseTtlSeconds",
    "maxRetries",
    "maxRetriesCcc",
  ],
  configure: async (config) => new VaultClient(connectionOf(config, process.env), process.env),
};
