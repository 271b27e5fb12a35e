import * as pulumi from "@pulumi/pulumi";
import { subjectOf } from "../vault/login";
import { federatedIdentity, type IdentityRecord, type KeyGrant } from "./federated-identity";
import { fluxIdentityName } from "./identity-names";
import type { AzurePlace } from "./place";

interface Account {
  readonly namespace: string;
  readonly serviceAccount: string;
}

export interface AzureFluxIdentityArgs {
  readonly place: AzurePlace;
  /** First part of the identities' names. */
  readonly prefix: string;
  readonly tenantId: string;
  /** Issuer of the cluster's tokens, exactly as it stands in them. */
  readonly issuer: string;
  /** Service accounts that decrypt, by a key of the caller's choice. */
  readonly decryptors: Readonly<Record<string, Account>>;
  readonly grant: KeyGrant;
}

/** Who a service account is in Azure: Flux and Azure's webhook read it from two annotations. */
export interface AccountIdentity {
  readonly clientId: pulumi.Output<string>;
  readonly tenantId: string;
}

/** An identity in Azure for each service account that decrypts: the log of the vault then tells which of them it was. */
export class AzureFluxIdentity extends pulumi.ComponentResource {
  /** By the decryptor's key. */
  public readonly accounts: Readonly<Record<string, AccountIdentity>>;
  public readonly records: pulumi.Output<readonly IdentityRecord[]>;

  constructor(name: string, args: AzureFluxIdentityArgs, opts?: pulumi.ComponentResourceOptions) {
    super("sopsloop:azure:AzureFluxIdentity", name, {}, opts);

    const { place, prefix, issuer, grant } = args;
    const made = Object.entries(args.decryptors).map(([key, account]) => {
      const identity = federatedIdentity(
        this,
        // After the account and not the config's key, as Vault's roles.
        `${name}-${account.namespace}_${account.serviceAccount}`,
        {
          place,
          identityName: fluxIdentityName(prefix, account),
          trust: { name: "kubernetes", issuer, subject: subjectOf(account) },
          grant,
        },
      );
      return [key, identity] as const;
    });

    this.accounts = Object.fromEntries(
      made.map(([key, { clientId }]) => [key, { clientId, tenantId: args.tenantId }]),
    );
    this.records = pulumi.all(made.map(([, { record }]) => record));
    this.registerOutputs({ records: this.records });
  }
}
