import { FederatedIdentityCredential } from "@pulumi/azure-native/managedidentity/federatedIdentityCredential";
import { UserAssignedIdentity } from "@pulumi/azure-native/managedidentity/userAssignedIdentity";
import * as pulumi from "@pulumi/pulumi";
import { EXCHANGE_AUDIENCE } from "./identity-names";
import { type KeyUse, OPERATIONS } from "./key-roles";
import type { AzurePlace } from "./place";
import { roleAssignment } from "./role-assignment";

/** A key that an identity gets rights to. */
export interface GrantedKey {
  /** Key of the vault in the config. */
  readonly vault: string;
  /** ARM id of the key. */
  readonly keyId: pulumi.Input<string>;
}

/** What an identity may do, and with which keys. */
export interface KeyGrant {
  readonly use: KeyUse;
  /** ARM id of the role. */
  readonly role: pulumi.Input<string>;
  readonly keys: readonly GrantedKey[];
}

export interface FederatedIdentityArgs {
  readonly place: AzurePlace;
  /** Name of the identity in its resource group. */
  readonly identityName: string;
  /** Whose tokens are trusted: name of the credential, issuer and subject exactly as in the tokens. */
  readonly trust: { readonly name: string; readonly issuer: string; readonly subject: string };
  readonly grant: KeyGrant;
}

/** An identity as auditors want to see it. */
export interface IdentityRecord {
  readonly name: string;
  readonly clientId: string;
  readonly issuer: string;
  readonly subject: string;
  readonly audience: string;
  /** Operations of Key Vault, such as `decrypt`. */
  readonly may: readonly string[];
}

export interface FederatedIdentity {
  /** Once all is there that makes a token worth something. */
  readonly clientId: pulumi.Output<string>;
  readonly record: pulumi.Output<IdentityRecord>;
}

/** An identity without a secret: it is whoever holds a token of the issuer for the subject. Its children belong to `parent`. */
export function federatedIdentity(
  parent: pulumi.Resource,
  name: string,
  { place, identityName, trust, grant }: FederatedIdentityArgs,
): FederatedIdentity {
  const { resourceGroupName } = place;
  const identity = new UserAssignedIdentity(
    `${name}-identity`,
    { ...place, resourceName: identityName },
    { parent },
  );
  const credential = new FederatedIdentityCredential(
    `${name}-trust`,
    {
      resourceGroupName,
      resourceName: identity.name,
      federatedIdentityCredentialResourceName: trust.name,
      issuer: trust.issuer,
      subject: trust.subject,
      audiences: [EXCHANGE_AUDIENCE],
    },
    { parent },
  );
  const grants = grant.keys.map(({ vault, keyId }) =>
    roleAssignment(parent, `${name}-may-${grant.use}-${vault}`, {
      principalId: identity.principalId,
      roleDefinitionId: grant.role,
      scope: keyId,
    }),
  );
  const inPlace = pulumi.all([credential.id, ...grants.map(({ id }) => id)]);
  const clientId = pulumi.all([identity.clientId, inPlace]).apply(([known]) => known);
  return {
    clientId,
    record: pulumi.output({
      name: identityName,
      clientId: identity.clientId,
      ...{ issuer: trust.issuer, subject: trust.subject, audience: EXCHANGE_AUDIENCE },
      may: [...OPERATIONS[grant.use]],
    }),
  };
}
