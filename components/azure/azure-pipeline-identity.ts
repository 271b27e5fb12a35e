import * as pulumi from "@pulumi/pulumi";
import { federatedIdentity, type IdentityRecord, type KeyGrant } from "./federated-identity";
import type { AzurePlace } from "./place";

export interface AzurePipelineIdentityArgs {
  readonly place: AzurePlace;
  readonly identityName: string;
  /** GitLab's URL, as it stands in its ID tokens. */
  readonly issuer: string;
  /** Of the ID tokens of the deploy repository's jobs on its one branch, as `jobSubject` makes it. */
  readonly subject: string;
  readonly grant: KeyGrant;
}

/** Who a job of the deploy repository is in Azure. A subject is compared as a whole, so it can only be for one branch. */
export class AzurePipelineIdentity extends pulumi.ComponentResource {
  /** What the job names when it exchanges its ID token. */
  public readonly clientId: pulumi.Output<string>;
  public readonly record: pulumi.Output<IdentityRecord>;

  constructor(name: string, args: AzurePipelineIdentityArgs, opts?: pulumi.ComponentResourceOptions) {
    super("sopsloop:azure:AzurePipelineIdentity", name, {}, opts);

    const { place, identityName, issuer, subject, grant } = args;
    const identity = federatedIdentity(this, name, {
      ...{ place, identityName, grant },
      trust: { name: "gitlab", issuer, subject },
    });

    this.clientId = identity.clientId;
    this.record = identity.record;
    this.registerOutputs({ clientId: this.clientId, record: this.record });
  }
}
