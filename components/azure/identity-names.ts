/** What Entra ID expects of tokens that are exchanged for its own, and what Flux and Azure's webhook ask for. */
export const EXCHANGE_AUDIENCE = "api://AzureADTokenExchange";

/** Jobs of the deploy repository that work with the key. */
export type KeyJob = "rewrap" | "status" | "chart";

interface Account {
  readonly namespace: string;
  readonly serviceAccount: string;
}

/** Name of the identity of a service account. Dots are none of Azure's characters, and underscores none of Kubernetes'. */
export function fluxIdentityName(prefix: string, { namespace, serviceAccount }: Account): string {
  return `${prefix}-flux-${namespace}_${serviceAccount.replaceAll(".", "_")}`;
}

/** Name of the identity of a job. */
export function jobIdentityName(prefix: string, job: KeyJob): string {
  return `${prefix}-gitlab-${job}`;
}
