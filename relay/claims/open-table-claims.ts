import { TableClient } from "@azure/data-tables";
import { ManagedIdentityCredential, WorkloadIdentityCredential } from "@azure/identity";
import { TableClaims } from "./table-claims";

/** One further try, soon: a delivery does not wait for a store that is away. */
export const RETRIES = { maxRetries: 1, retryDelayInMs: 200, maxRetryDelayInMs: 1_000 };

/** A table, as the identity that the platform has given the process; no key, and no connection string. */
export function openTableClaims(account: string, table: string): TableClaims {
  const { AZURE_FEDERATED_TOKEN_FILE, AZURE_CLIENT_ID } = process.env;
  const credential =
    AZURE_FEDERATED_TOKEN_FILE !== undefined
      ? new WorkloadIdentityCredential()
      : new ManagedIdentityCredential(AZURE_CLIENT_ID !== undefined ? { clientId: AZURE_CLIENT_ID } : {});
  return new TableClaims(new TableClient(account, table, credential, { retryOptions: RETRIES }));
}
