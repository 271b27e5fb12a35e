import { GROUP, judges, LOCATION } from "./judges";
import { testAzure } from "./test-azure";
import { testIssuer } from "./test-issuer";

export const AUDIENCE = "api://AzureADTokenExchange";
export const SUBJECT = "project_path:platform/deploy:ref_type:branch:ref:main";
export const IDENTITY = "pipeline";

/** A user-assigned identity that trusts one subject of somebody else's issuer. */
export async function workloadStage() {
  const issuer = await testIssuer();
  const azure = await testAzure({ issuers: [issuer] });
  const { groups, identities } = judges(azure);
  await groups.createOrUpdate(GROUP, { location: LOCATION });
  const made = await identities.userAssignedIdentities.createOrUpdate(GROUP, IDENTITY, {
    location: LOCATION,
  });
  /** Credentials of the identity. By one client, which has its token: two that are written at once do meet. */
  const trust = (name: string, change: object = {}) =>
    identities.federatedIdentityCredentials.createOrUpdate(GROUP, IDENTITY, name, {
      issuer: issuer.issuer,
      subject: name,
      audiences: [AUDIENCE],
      ...change,
    });
  await trust("gitlab", { subject: SUBJECT });
  return {
    azure,
    issuer,
    trust,
    identity: { clientId: made.clientId ?? "", principalId: made.principalId ?? "", id: made.id ?? "" },
    close: async () => {
      await azure.close();
      await issuer.close();
    },
  };
}

export type WorkloadStage = Awaited<ReturnType<typeof workloadStage>>;
