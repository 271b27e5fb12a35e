import { Provider } from "@pulumi/azure-native/provider";
import * as pulumi from "@pulumi/pulumi";
import { AzureFluxIdentity } from "./azure/azure-flux-identity";
import { AzurePipelineIdentity } from "./azure/azure-pipeline-identity";
import type { KeyGrant } from "./azure/federated-identity";
import { EXCHANGE_AUDIENCE, jobIdentityName, type KeyJob } from "./azure/identity-names";
import { KeyRoles, type KeyUse } from "./azure/key-roles";
import { type AzurePlace, resourceGroupId } from "./azure/place";
import { withoutAliases } from "./azure/without-aliases";
import { type AzureConfig, regionalKeys, vaultNamesAreFree } from "./azure-keys";
import { azureRotation, type RotatedInto } from "./azure-rotation";
import { issuerOf } from "./config/azure-checks";
import { type JobOrigin, jobSubject } from "./gitlab/job-subject";

/** What each job does with the key. Azure moves no data key by itself, so that the rewrap job has to decrypt. */
const USES: Readonly<Record<KeyJob, KeyUse>> = { rewrap: "rewrap", status: "status", chart: "encrypt" };

export type AzureLoop = Awaited<ReturnType<typeof azureLoop>>;

/** The Azure half: vaults with their keys, who may do what with them, who that is, and what happens when a key rotates, in Azure or in the cluster. */
export async function azureLoop(config: AzureConfig, kubernetes: pulumi.ProviderResource) {
  const { azure, flux } = config;
  const { subscriptionId, tenantId, name: prefix, resourceGroup: resourceGroupName, tags } = azure;
  // Explicit as the others. Who the deployer is comes from the environment, read by the plugin itself.
  const provider = new Provider("azure", { subscriptionId, tenantId });
  const options = { providers: [provider], transformations: [withoutAliases] };
  const place: AzurePlace = { resourceGroupName, location: azure.location, tags };

  await vaultNamesAreFree(config, provider);

  // One key for each region, of which either decrypts.
  const keys = regionalKeys(config, place, options);

  // Who may do what with them.
  const scope = resourceGroupId(subscriptionId, place);
  const roles = new KeyRoles("azure", { prefix, subscriptionId, scope }, options);
  const granted = keys.map(({ region, key }) => ({ vault: region, keyId: key.keyId }));
  const grant = (use: KeyUse): KeyGrant => ({ use, role: roles[use], keys: granted });
  const issuer = issuerOf(azure, config.vault) ?? "";
  const identity = new AzureFluxIdentity(
    "azure-flux",
    { place, prefix, tenantId, issuer, decryptors: flux.decryptors, grant: grant("decrypt") },
    options,
  );

  const urls = pulumi.all(keys.map(({ key }) => key.url));
  return {
    /** The keys as `.sops.yaml` names them. */
    urls,
    flux: {
      accounts: identity.accounts,
      ...(azure.flux.identity !== "account" && { controllerTokens: azure.flux.identity }),
    },
    records: { keys: pulumi.all(keys.map(({ key }) => key.record)), flux: identity.records },
    outputs: {
      tenantId,
      keys: urls,
      /** ARM ids of the roles, for people who are to have one. */
      roles: { decrypt: roles.decrypt, encrypt: roles.encrypt, rewrap: roles.rewrap, status: roles.status },
    },
    /** Makes the identities of the deploy repository's jobs. */
    jobs: (origin: JobOrigin, issuedBy: string, jobs: readonly KeyJob[]) => {
      const made = jobs.map((job) => {
        const jobIdentity = new AzurePipelineIdentity(
          `azure-gitlab-${job}`,
          {
            place,
            identityName: jobIdentityName(prefix, job),
            issuer: issuedBy,
            subject: jobSubject(origin),
            grant: grant(USES[job]),
          },
          options,
        );
        return [job, jobIdentity] as const;
      });
      return {
        login: pulumi.output({
          tenantId,
          audience: EXCHANGE_AUDIENCE,
          clientIds: Object.fromEntries(made.map(([job, { clientId }]) => [job, clientId])),
        }),
        records: pulumi.all(made.map(([, { record }]) => record)),
      };
    },
    /** Starts a pipeline when a key rotates; nothing without `azure.relay`. */
    rotation: (gitlab: RotatedInto) => azureRotation(config, { place, keys, gitlab, kubernetes }, options),
  };
}
