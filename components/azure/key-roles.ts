import { RoleDefinition } from "@pulumi/azure-native/authorization/roleDefinition";
import * as pulumi from "@pulumi/pulumi";
import { roleId } from "./role-assignment";
import { stableGuid } from "./stable-guid";

export interface KeyRolesArgs {
  /** First part of their names, which are unique in the tenant. */
  readonly prefix: string;
  readonly subscriptionId: string;
  /** ARM id of the resource group that they can be given in. */
  readonly scope: string;
}

/** Custom roles: of what Azure's own "Key Vault Crypto User" has, each party gets what sops calls for it, and nothing else. */
export class KeyRoles extends pulumi.ComponentResource {
  /** ARM id of the role for Flux: decrypt. sops names the version itself, and never asks for the key. */
  public readonly decrypt: pulumi.Output<string>;
  /** ARM id of the role for whoever makes files: see which version is current, and encrypt. */
  public readonly encrypt: pulumi.Output<string>;
  /** ARM id of the role for the rewrap job: the two together, since Azure moves no data key by itself. */
  public readonly rewrap: pulumi.Output<string>;
  /** ARM id of the role for status checks: see which versions there are. */
  public readonly status: pulumi.Output<string>;

  constructor(name: string, args: KeyRolesArgs, opts?: pulumi.ComponentResourceOptions) {
    super("sopsloop:azure:KeyRoles", name, {}, opts);

    const { prefix, scope } = args;
    const role = (use: KeyUse) => {
      const guid = stableGuid(scope, prefix, use);
      const definition = new RoleDefinition(
        `${name}-${use}`,
        {
          roleDefinitionId: guid,
          roleName: `${prefix} ${use}`,
          roleType: "CustomRole",
          description: `sopsloop: ${DESCRIPTIONS[use]}`,
          scope,
          assignableScopes: [scope],
          permissions: [{ actions: [], dataActions: keyActions(use) }],
        },
        { parent: this },
      );
      return definition.id.apply(() => roleId(args.subscriptionId, guid));
    };
    this.decrypt = role("decrypt");
    this.encrypt = role("encrypt");
    this.rewrap = role("rewrap");
    this.status = role("status");
    this.registerOutputs({
      decrypt: this.decrypt,
      encrypt: this.encrypt,
      rewrap: this.rewrap,
      status: this.status,
    });
  }
}

/** What a party does with the key. */
export type KeyUse = "decrypt" | "encrypt" | "rewrap" | "status";

/** Operations of Key Vault that each use calls. */
export const OPERATIONS = {
  decrypt: ["decrypt"],
  encrypt: ["read", "encrypt"],
  rewrap: ["read", "encrypt", "decrypt"],
  status: ["read"],
} as const satisfies Record<KeyUse, readonly string[]>;

const DESCRIPTIONS: Readonly<Record<KeyUse, string>> = {
  decrypt: "decrypt data keys",
  encrypt: "encrypt data keys, under the current version",
  rewrap: "move data keys to the current version",
  status: "see which versions a key has",
};

function keyActions(use: KeyUse): string[] {
  const keys = "Microsoft.KeyVault/vaults/keys";
  return OPERATIONS[use].map((operation) =>
    operation === "read" ? `${keys}/read` : `${keys}/${operation}/action`,
  );
}
