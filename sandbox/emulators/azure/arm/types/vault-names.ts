import { type JsonObject, textAt } from "../../json";
import { VAULTS } from "../../keyvault/vaults";
import { badRequest, conflict } from "../arm-refusal";
import { sameId } from "../resource-id";
import type { WriteAsk } from "../resource-type";

const NAME = /^(?!.*--)[a-zA-Z][a-zA-Z0-9-]{1,22}[a-zA-Z0-9]$/;

export function checkVaultName(name: string): void {
  if (!NAME.test(name))
    throw badRequest(
      `The vault name '${name}' is invalid. A vault's name must be between 3-24 alphanumeric characters. The name ` +
        "must begin with a letter, end with a letter or digit, and not contain consecutive hyphens. Follow this link " +
        "for more information: https://go.microsoft.com/fwlink/?linkid=2147742",
      "VaultNameNotValid",
    );
}

/** A name may be taken by a vault that is there, or by one in the bin; that one can be taken out again. */
export function takenFromBin({ core, id, body }: WriteAsk): JsonObject | undefined {
  const same = ({ name }: { readonly name: string }) => name.toLowerCase() === id.name.toLowerCase();
  const recovers = textAt(body, "properties", "createMode")?.toLowerCase() === "recover";
  const { tables } = core.store;
  const binned = tables.deletedVaults.find(({ resource }) => same(resource));
  const isOurs = binned !== undefined && sameId(binned.resource.id, id.text);
  if (recovers) {
    if (!isOurs)
      throw badRequest(
        `There is no soft deleted vault '${id.name}' to recover.`,
        "SoftDeletedVaultDoesNotExist",
      );
    tables.deletedVaults = tables.deletedVaults.filter((one) => one !== binned);
    return binned.resource.body;
  }
  if (isOurs)
    throw conflict(
      "ConflictError",
      "A vault with the same name already exists in deleted state. You need to either recover or purge existing key " +
        "vault. Follow this link https://go.microsoft.com/fwlink/?linkid=2149745 for more information on soft delete.",
    );
  if (binned || core.resources.ofType(VAULTS).some(same))
    throw conflict(
      "VaultAlreadyExists",
      `The vault name '${id.name}' is already in use. Vault names are globally unique so it is possible that the name ` +
        "is already taken. If you are sure that the vault name was not taken then it is possible that a vault with the " +
        "same name was recently deleted but not purged after being placed in a recoverable state. If the vault is in a " +
        "recoverable state then the vault will need to be purged before reusing the name. For more information about " +
        "VaultAlreadyExists, soft delete and purging a vault follow this link " +
        "https://go.microsoft.com/fwlink/?linkid=2147740.",
    );
  return undefined;
}
