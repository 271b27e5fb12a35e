import type {
  BlobContainer,
  BlobServiceProperties,
  StorageAccountCreateParameters,
  StorageManagementClient,
  Table,
  TableServiceProperties,
} from "@azure/arm-storage";
import { type JsonObject, listAt, objectAt } from "../../json";
import { STORAGE_ACCOUNTS } from "../../storage/storage-service";
import { badRequest, conflict } from "../arm-refusal";
import { type ClientOptions, OfficialModel } from "../official-model";
import { sameId } from "../resource-id";
import type { Reply, ResourceType } from "../resource-type";

const VERSIONS = [
  "2021-09-01",
  "2022-09-01",
  "2023-01-01",
  "2023-05-01",
  "2024-01-01",
  "2025-01-01",
  "2025-06-01",
];
const ACCOUNT = /^[a-z0-9]{3,24}$/;
const CONTAINER = /^(?!.*--)[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/;

async function client({ credential, options }: ClientOptions): Promise<StorageManagementClient> {
  const { StorageManagementClient: Client } = await import("@azure/arm-storage");
  return new Client(credential, "none", options);
}

export const storageAccounts: ResourceType = {
  name: STORAGE_ACCOUNTS,
  apiVersions: VERSIONS,
  tracked: true,
  slow: "Location",
  model: new OfficialModel<StorageManagementClient, StorageAccountCreateParameters>({
    client,
    read: (one) =>
      one.storageAccounts.getProperties("group", "account") as Promise<StorageAccountCreateParameters>,
    write: (one, model) => one.storageAccounts.beginCreate("group", "account", model),
  }),
  prepare: ({ core, id, body, existing }) => {
    if (!ACCOUNT.test(id.name))
      throw badRequest(
        `${id.name} is not a valid storage account name. Storage account name must be between 3 and 24 characters in ` +
          "length and use numbers and lower-case letters only.",
        "AccountNameInvalid",
      );
    const taken = core.storage.account(id.name);
    if (taken && !sameId(taken.id, id.text))
      throw conflict("StorageAccountAlreadyTaken", `The storage account named ${id.name} is already taken.`);
    return { body, hidden: existing?.hidden ?? { keys: core.storage.newKeys() } };
  },
  settle: ({ core }) => core.storage.accountsChanged(),
  remove: (core) => void setImmediate(() => void core.storage.accountsChanged()),
  show: (_core, { name, body, createdAt }) => ({
    ...body,
    properties: {
      allowSharedKeyAccess: true,
      ...objectAt(body, "properties"),
      provisioningState: "Succeeded",
      creationTime: createdAt,
      primaryLocation: body.location ?? "",
      statusOfPrimary: "available",
      primaryEndpoints: {
        blob: `https://${name}.blob.core.windows.net/`,
        table: `https://${name}.table.core.windows.net/`,
      },
    },
  }),
  actions: {
    listKeys: {
      does: ({ core, id }): Reply => {
        const { hidden, createdAt = "" } = core.resources.get(id.text) ?? {};
        const keys = listAt(hidden, "keys").map((value, index): JsonObject => {
          return { keyName: `key${index + 1}`, value, permissions: "FULL", creationTime: createdAt };
        });
        return { status: 200, body: { keys } };
      },
    },
  },
};

export const blobServices: ResourceType = {
  name: `${STORAGE_ACCOUNTS}/blobServices`,
  apiVersions: VERSIONS,
  status: 200,
  model: new OfficialModel<StorageManagementClient, BlobServiceProperties>({
    client,
    read: (one) => one.blobServices.getServiceProperties("group", "account"),
    write: (one, model) => one.blobServices.setServiceProperties("group", "account", model),
  }),
};

export const blobContainers: ResourceType = {
  name: `${STORAGE_ACCOUNTS}/blobServices/containers`,
  apiVersions: VERSIONS,
  implicitParent: true,
  model: new OfficialModel<StorageManagementClient, BlobContainer>({
    client,
    read: (one) => one.blobContainers.get("group", "account", "container"),
    write: (one, model) => one.blobContainers.create("group", "account", "container", model),
  }),
  prepare: ({ id, body }) => {
    if (!CONTAINER.test(id.name))
      throw badRequest(
        `The specified resource name '${id.name}' contains invalid characters.`,
        "InvalidResourceName",
      );
    return { body: { properties: {}, ...body }, hidden: {} };
  },
  settle: ({ core }, { id, name }) => core.storage.createContainer(accountIn(id), name),
  remove: (core, { id, name }) =>
    void core.storage.deleteContainer(accountIn(id), name).catch((error: unknown) => {
      process.stderr.write(`container ${name}: ${error}\n`);
    }),
};

export const tableServices: ResourceType = {
  name: `${STORAGE_ACCOUNTS}/tableServices`,
  apiVersions: VERSIONS,
  status: 200,
  model: new OfficialModel<StorageManagementClient, TableServiceProperties>({
    client,
    read: (one) => one.tableServices.getServiceProperties("group", "account"),
    write: (one, model) => one.tableServices.setServiceProperties("group", "account", model),
  }),
};

export const storageTables: ResourceType = {
  name: `${STORAGE_ACCOUNTS}/tableServices/tables`,
  apiVersions: VERSIONS,
  status: 200,
  implicitParent: true,
  model: new OfficialModel<StorageManagementClient, Table>({
    client,
    read: (one) => one.tableOperations.get("group", "account", "table"),
    write: (one, model) => one.tableOperations.create("group", "account", "table", { parameters: model }),
  }),
  settle: ({ core }, { id, name }) => core.storage.createTable(accountIn(id), name),
  remove: (core, { id, name }) =>
    void core.storage.deleteTable(accountIn(id), name).catch((error: unknown) => {
      process.stderr.write(`table ${name}: ${error}\n`);
    }),
};

function accountIn(id: string): string {
  return /\/storageAccounts\/([^/]+)/i.exec(id)?.[1] ?? "";
}
