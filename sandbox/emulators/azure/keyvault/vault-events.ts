import type { EventGrid } from "../eventgrid/event-grid";
import type { VersionAttributes } from "./model";
import type { Vault } from "./vaults";

export type VaultEventKind = "NewVersionCreated" | "NearExpiry" | "Expired";

/** Tells Event Grid what happens to keys and secrets, in the names that Key Vault has for it. */
export class VaultEvents {
  constructor(private readonly grid: EventGrid) {}

  tell(
    { resource, name: vaultName, uri }: Vault,
    object: "Key" | "Secret",
    name: string,
    { id, nbf, exp }: VersionAttributes,
    kind: VaultEventKind,
  ): void {
    this.grid.publish(resource, {
      type: `Microsoft.KeyVault.${object}${kind}`,
      subject: name,
      data: {
        Id: `${uri}/${object.toLowerCase()}s/${name}/${id}`,
        VaultName: vaultName,
        ObjectType: object,
        ObjectName: name,
        Version: id,
        NBF: nbf ?? null,
        EXP: exp ?? null,
      },
    });
  }
}
