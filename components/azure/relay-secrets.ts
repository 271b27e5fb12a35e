import { Secret } from "@pulumi/azure-native/keyvault/secret";
import * as pulumi from "@pulumi/pulumi";
import type { AzureVault } from "./azure-vault";
import { roleAssignment, roleId } from "./role-assignment";

export interface RelaySecretsArgs {
  readonly resourceGroupName: string;
  readonly subscriptionId: string;
  readonly vault: AzureVault;
  /** Object id of the identity that reads them. */
  readonly reader: pulumi.Input<string>;
  /** When they are to be replaced by others, in seconds since 1970. Key Vault tells of it, and goes on giving them out. */
  readonly expire?: number | undefined;
  /** By the name that they get in the vault: letters, digits and dashes. */
  readonly values: Readonly<Record<string, pulumi.Output<string>>>;
}

/** Built-in role "Key Vault Secrets User". */
const SECRETS_USER = "4633458b-17de-408a-b874-0445c86b69e6";

/** Secrets of the relay, in the vault and nowhere else: its app is told where they are. Its identity reads these, and no key. */
export class RelaySecrets extends pulumi.ComponentResource {
  /** What an app setting says to get a secret, by the secret's name. Holds no secret itself. */
  public readonly references: Readonly<Record<string, pulumi.Output<string>>>;

  constructor(name: string, args: RelaySecretsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("sopsloop:azure:RelaySecrets", name, {}, opts);

    // One after the other: Key Vault refuses writes into one vault that meet.
    const written: Secret[] = [];
    const made = Object.entries(args.values).map(([secretName, value]) => {
      const secret = new Secret(
        `${name}-${secretName}`,
        {
          resourceGroupName: args.resourceGroupName,
          vaultName: args.vault.vaultName,
          secretName,
          properties: {
            value: pulumi.secret(value),
            contentType: "text/plain",
            ...(args.expire !== undefined && { attributes: { enabled: true, expires: args.expire } }),
          },
        },
        // Deleted, it would hold its name for 90 days, and the next of that name could not be made. Its value is worth nothing by then.
        { parent: this, retainOnDelete: true, dependsOn: written.slice(-1) },
      );
      written.push(secret);
      const grant = roleAssignment(this, `${name}-may-read-${secretName}`, {
        principalId: args.reader,
        roleDefinitionId: roleId(args.subscriptionId, SECRETS_USER),
        scope: secret.id,
      });
      const reference = pulumi
        .all([secret.properties, grant.id])
        .apply(([{ secretUriWithVersion }]) => `@Microsoft.KeyVault(SecretUri=${secretUriWithVersion})`);
      // With its version, a new value is a new setting, and the app takes it at once instead of within a day.
      return [secretName, pulumi.unsecret(reference)] as const;
    });

    this.references = Object.fromEntries(made);
    this.registerOutputs({ references: this.references });
  }
}
