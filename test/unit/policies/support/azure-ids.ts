import type { Resource } from "../../../../policies/values/subject";

const GROUP = "/subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/rg-sops-prod";

/** Types as Azure writes them in ids, where it does not write them as the SDK does. */
const TYPES: Readonly<Record<string, string>> = {
  "keyvault:Vault": "Microsoft.KeyVault/vaults",
  "storage:StorageAccount": "Microsoft.Storage/storageAccounts",
};

/** The same resources, with ids in the form of Azure's where mocks have made up one out of a resource's name. */
export function withAzureIds(resources: readonly Resource[]): readonly Resource[] {
  const ids = resources.flatMap(({ type, name, inputs }) => {
    if (!type.startsWith("azure-native:")) return [];
    const [, short = ""] = /^azure-native:(.*)$/.exec(type) ?? [];
    const own = inputs.vaultName ?? inputs.accountName ?? name;
    return [
      [
        `${name}-id`,
        `${GROUP}/providers/${TYPES[short] ?? `Microsoft.Other/${short.replace(":", ".")}`}/${own}`,
      ],
    ];
  });
  const known = new Map(ids.map(([made = "", id = ""]) => [made, id]));
  const told = (value: unknown): unknown => {
    if (typeof value === "string") return known.get(value) ?? value;
    if (Array.isArray(value)) return value.map(told);
    if (typeof value !== "object" || value === null || Object.getPrototypeOf(value) !== Object.prototype)
      return value;
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, told(each)]));
  };
  return resources.map((resource) => ({ ...resource, inputs: told(resource.inputs) as Resource["inputs"] }));
}
