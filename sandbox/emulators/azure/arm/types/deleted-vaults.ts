import type { Core } from "../../core";
import { at, type JsonObject, textAt } from "../../json";
import { VAULTS } from "../../keyvault/vaults";
import type { DeletedVault } from "../../model";
import { ArmRefusal } from "../arm-refusal";
import { operationHeaders } from "../operation-reply";
import { keyOf, type ResourceId, subscriptionOf } from "../resource-id";
import type { Ask, Reply, ResourceType } from "../resource-type";
import { KEYVAULT_VERSIONS } from "./vaults";

function shown({ resource, at: deletedAt, purgeAt }: DeletedVault): JsonObject {
  const { id, name, body } = resource;
  const location = textAt(body, "location") ?? "";
  return {
    id: `/subscriptions/${subscriptionOf(id)}/providers/Microsoft.KeyVault/locations/${location}/deletedVaults/${name}`,
    name,
    type: "Microsoft.KeyVault/deletedVaults",
    properties: {
      vaultId: id,
      location,
      tags: body.tags ?? {},
      deletionDate: new Date(deletedAt).toISOString(),
      scheduledPurgeDate: new Date(purgeAt).toISOString(),
      ...(isProtected(resource.body) && { purgeProtectionEnabled: true }),
    },
  };
}

function found(core: Core, id: ResourceId): DeletedVault | undefined {
  return core.store.tables.deletedVaults.find((one) => keyOf(String(shown(one).id)) === keyOf(id.text));
}

function purge(ask: Ask): Reply {
  const { core, id, apiVersion } = ask;
  const deleted = found(core, id);
  if (deleted === undefined)
    throw new ArmRefusal(
      404,
      "DeletedVaultNotFound",
      `The specified deleted vault '${id.name}' does not exist.`,
    );
  if (isProtected(deleted.resource.body))
    throw new ArmRefusal(405, "MethodNotAllowed", "Operation 'DeletedVaultPurge' is not allowed.");
  core.retention.forgetVault(keyOf(deleted.resource.id));
  const operation = core.operations.begin(Promise.resolve(undefined));
  const headers = operationHeaders(core, { ...deletedVaults, slow: "Location" }, operation, {
    subscription: subscriptionOf(id.text) ?? "",
    location: textAt(deleted.resource.body, "location") ?? "",
    apiVersion,
  });
  return { status: 202, headers };
}

/** One vault in the bin of a region. */
export const deletedVaults: ResourceType = {
  name: "Microsoft.KeyVault/locations/deletedVaults",
  apiVersions: KEYVAULT_VERSIONS,
  elsewhere: {
    get: (core, id) => {
      const deleted = found(core, id);
      return deleted && shown(deleted);
    },
  },
  actions: { purge: { does: purge } },
};

/** All vaults in the bins of a subscription. */
export const deletedVaultsList: ResourceType = {
  name: "Microsoft.KeyVault/deletedVaults",
  apiVersions: KEYVAULT_VERSIONS,
  elsewhere: { get: () => undefined, list: (core) => core.store.tables.deletedVaults.map(shown) },
};

/** What is asked of the provider itself. */
export const keyVaultProvider: ResourceType = {
  name: "Microsoft.KeyVault",
  apiVersions: KEYVAULT_VERSIONS,
  actions: {
    checkNameAvailability: {
      right: "Microsoft.KeyVault/checkNameAvailability/read",
      does: ({ core, body }) => {
        const same = ({ name }: { readonly name: string }) =>
          name.toLowerCase() === String(body.name).toLowerCase();
        const binned = core.store.tables.deletedVaults.some(({ resource }) => same(resource));
        const taken = binned || core.resources.ofType(VAULTS).some(same);
        const why = {
          reason: "AlreadyExists",
          message: `The vault name '${String(body.name)}' is already in use.`,
        };
        return { status: 200, body: { nameAvailable: !taken, ...(taken && why) } };
      },
    },
  },
};

function isProtected(body: JsonObject): boolean {
  return at(body, "properties", "enablePurgeProtection") === true;
}
