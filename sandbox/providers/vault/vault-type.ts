import { TableType } from "../engine/table/table-type";
import type { Definition } from "./definition";
import type { VaultClient } from "./vault-client";
import { VaultError } from "./vault-error";

/** A resource type from its definition, each conversation in the resource's own namespace. */
export function vaultType(definition: Definition): TableType<VaultClient> {
  const { update } = definition;
  return new TableType<VaultClient>(
    {
      ...definition,
      async create(provider, inputs) {
        const id = definition.idOf(inputs);
        return { id, told: await definition.create(provider.in(inputs.namespace), id, inputs) };
      },
      read: (provider, id, known) => definition.read(provider.in(known?.namespace), id, known),
      ...(update && {
        update: (provider, id, change) => update(provider.in(change.inputs.namespace), id, change),
      }),
      delete: (provider, id, state) => definition.delete(provider.in(state.namespace), id, state),
    },
    { name: "Vault", isGone },
  );
}

/** Not there any more, or the mount that it was in is not. */
function isGone(error: unknown): boolean {
  if (!(error instanceof VaultError)) return false;
  return (
    error.status === 404 ||
    error.says("no matching mount") ||
    error.says("mount at") ||
    error.says("not found")
  );
}
