import { readFileSync } from "node:fs";
import {
  AzureCliCredential,
  AzureDeveloperCliCredential,
  AzurePowerShellCredential,
  ClientAssertionCredential,
  ClientCertificateCredential,
  ClientSecretCredential,
  ManagedIdentityCredential,
  type TokenCredential,
  UsernamePasswordCredential,
} from "@azure/identity";
import { CliError } from "../../errors/cli-error";
import type { AzureSettings, Identity } from "./azure-settings";
import type { IdentityClient } from "./identity-client";
import { requireJobIdentity } from "./job-identity";

/** A way to an identity that is open here. */
export interface WayIn {
  readonly name: Identity;
  /** Set up by hand, so that its failure is told, and no other way is tried instead. */
  readonly meant: boolean;
  readonly credential: TokenCredential;
}

/**
 * What sops's own library would try, in its order; loaded only when a vault asks for a token. The variables are those of that library
 * (azidentity's DefaultAzureCredential), where they are not read by Microsoft's own tools.
 */
export function waysIn(settings: AzureSettings, httpClient: IdentityClient): readonly WayIn[] {
  const options = {
    authorityHost: settings.authority,
    additionallyAllowedTenants: [...settings.otherTenants],
    httpClient,
  };
  const developer = { additionallyAllowedTenants: [...settings.otherTenants] };
  const ways: Readonly<Record<Identity, () => Omit<WayIn, "name"> | undefined>> = {
    EnvironmentCredential: () => meant(fromEnvironment(settings, options)),
    WorkloadIdentityCredential: () => meant(fromIdToken(settings, options)),
    ManagedIdentityCredential: () => ({ meant: false, credential: managed(settings, httpClient) }),
    AzureCLICredential: () => ({ meant: false, credential: new AzureCliCredential(developer) }),
    AzureDeveloperCLICredential: () => ({
      meant: false,
      credential: new AzureDeveloperCliCredential(developer),
    }),
    AzurePowerShellCredential: () => ({ meant: false, credential: new AzurePowerShellCredential(developer) }),
  };
  return settings.identities.flatMap((name) => {
    const way = ways[name]();
    return way ? [{ name, ...way }] : [];
  });
}

type Options = NonNullable<ConstructorParameters<typeof ClientSecretCredential>[3]>;

function meant(credential: TokenCredential | undefined): Omit<WayIn, "name"> | undefined {
  return credential && { meant: true, credential };
}

function fromEnvironment(settings: AzureSettings, options: Options): TokenCredential | undefined {
  const { tenant, client, secret, certificate, user } = settings;
  if (tenant === undefined || client === undefined) return undefined;
  if (secret !== undefined) return new ClientSecretCredential(tenant, client, secret, options);
  if (certificate !== undefined) {
    const { path, password, sendChain } = certificate;
    const pem = { certificatePath: path, ...(password !== undefined && { certificatePassword: password }) };
    return new ClientCertificateCredential(tenant, client, pem, {
      ...options,
      sendCertificateChain: sendChain,
    });
  }
  return user && new UsernamePasswordCredential(tenant, client, user.name, user.password, options);
}

function fromIdToken(
  { tenant, client, idToken }: AzureSettings,
  options: Options,
): TokenCredential | undefined {
  if (!idToken) return undefined;
  if (tenant !== undefined && client !== undefined) {
    const credential = new ClientAssertionCredential(tenant, client, async () => assertion(idToken), options);
    return {
      getToken: async (scopes, request) => {
        // Here too, since the library would tell of a missing file as of a refusal.
        assertion(idToken);
        return credential.getToken(scopes, request);
      },
    };
  }
  if ("file" in idToken) return undefined;
  requireJobIdentity({ tenant, client });
  return undefined;
}

function assertion(idToken: NonNullable<AzureSettings["idToken"]>): string {
  if ("text" in idToken) return idToken.text;
  try {
    // Whoever wrote it writes it anew before it ends.
    return readFileSync(idToken.file, "utf8").trim();
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? String(error);
    throw new CliError(
      `AZURE_FEDERATED_TOKEN_FILE: ${idToken.file} cannot be read (${code}); name the file that holds the ID token`,
      2,
    );
  }
}

function managed(
  { client, identities }: AzureSettings,
  httpClient: IdentityClient,
): ManagedIdentityCredential {
  const options = {
    httpClient,
    ...(client !== undefined && { clientId: client }),
    // On any other machine nobody answers there: it is not waited for, unless there is no other way.
    sendProbeRequest: identities.length > 1,
  };
  return new ManagedIdentityCredential(options);
}
