import { CliError } from "../../errors/cli-error";

/** Of the settings for Azure, what names the identity of a CI job. */
interface JobIdentity {
  readonly tenant?: string | undefined;
  readonly client?: string | undefined;
}

/** Whether an ID token is enough to log in with. @throws CliError (2) naming what a job has to set beside it. */
export function requireJobIdentity({ tenant, client }: JobIdentity): void {
  if (tenant && client) return;
  const [name, what] = client
    ? ["AZURE_TENANT_ID", "tenant of the identity"]
    : ["AZURE_CLIENT_ID", "client id of the identity"];
  throw new CliError(
    `AZURE_ID_TOKEN is set, but ${name} is not; set it to the ${what} whose federated credential names this job`,
    2,
  );
}
