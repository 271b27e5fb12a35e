import type * as pulumi from "@pulumi/pulumi";
import { EXCHANGE_AUDIENCE } from "../azure/identity-names";

/** Who a service account is in Azure. */
export interface AzureAccount {
  /** Client id of the identity. */
  readonly clientId: pulumi.Input<string>;
  readonly tenantId: string;
}

/**
 * How the controller gets the tokens of its own account: `webhook`, AKS's own mutates its pod; `projected`, its pod mounts one. Other
 * accounts need neither: Flux asks for each of their tokens.
 */
export type ControllerTokens = "webhook" | "projected";

/** The controller's identity, once it is known. */
export interface ControllerIdentity {
  readonly tokens: ControllerTokens;
  readonly clientId: string;
  readonly tenantId: string;
}

const AUTHORITY = "https://login.microsoftonline.com/";
const TOKEN = { volume: "azure-token", folder: "/var/run/service-account", file: "azure-token" } as const;
const LIFETIME_S = 3600;

/** Flux takes no default for the tenant, so both are always said. */
export function accountAnnotations({ clientId, tenantId }: AzureAccount) {
  return { "azure.workload.identity/client-id": clientId, "azure.workload.identity/tenant-id": tenantId };
}

/** Of the controller's pods. The webhook looks at a pod only when it is made: another identity has to make another pod. */
export function podMetadata({ tokens, clientId }: ControllerIdentity) {
  if (tokens !== "webhook") return undefined;
  return {
    labels: { "azure.workload.identity/use": "true" },
    annotations: { "sopsloop/azure-client-id": clientId },
  };
}

export function azureEnvironment({ tokens, clientId, tenantId }: ControllerIdentity) {
  if (tokens !== "projected") return [];
  return [
    { name: "AZURE_CLIENT_ID", value: clientId },
    { name: "AZURE_TENANT_ID", value: tenantId },
    // Without it, Azure's library takes the other three for nothing.
    { name: "AZURE_AUTHORITY_HOST", value: AUTHORITY },
    { name: "AZURE_FEDERATED_TOKEN_FILE", value: `${TOKEN.folder}/${TOKEN.file}` },
  ];
}

export function azureVolumes({ tokens }: ControllerIdentity) {
  if (tokens !== "projected") return [];
  const token = { path: TOKEN.file, audience: EXCHANGE_AUDIENCE, expirationSeconds: LIFETIME_S };
  return [{ name: TOKEN.volume, projected: { sources: [{ serviceAccountToken: token }] } }];
}

export function azureVolumeMounts({ tokens }: ControllerIdentity) {
  return tokens === "projected" ? [{ name: TOKEN.volume, mountPath: TOKEN.folder, readOnly: true }] : [];
}
