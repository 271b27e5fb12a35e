import { AzureNamedKeyCredential, TableClient } from "@azure/data-tables";
import { BlobServiceClient, StorageSharedKeyCredential } from "@azure/storage-blob";
import { UnsecuredJWT } from "jose";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { assign, FAST, GROUP, judges, LOCATION, principalWithSecret, ROLE } from "./support/judges";
import { type TestAzure, testAzure } from "./support/test-azure";

const ACCOUNT = "sopsloopdev";
const BLOBS = `https://${ACCOUNT}.blob.core.windows.net`;
const TABLES = `https://${ACCOUNT}.table.core.windows.net`;

let azure: TestAzure;
let account: string;

beforeAll(async () => {
  azure = await testAzure();
  const { groups, storage } = judges(azure);
  await groups.createOrUpdate(GROUP, { location: LOCATION });
  const parameters = { location: LOCATION, sku: { name: "Standard_LRS" }, kind: "StorageV2" };
  const made = await storage.storageAccounts.beginCreateAndWait(GROUP, ACCOUNT, parameters, FAST);
  account = made.id ?? "";
});
afterAll(() => azure.close());

const blobs = (credential = azure.credential()) =>
  new BlobServiceClient(BLOBS, credential, azure.storageOptions);

describe("storage accounts, as @azure/arm-storage sees them", () => {
  it("are made, told, given keys, and refused under names that are taken or wrong", async () => {
    const { storageAccounts } = judges(azure).storage;
    expect(await storageAccounts.getProperties(GROUP, ACCOUNT)).toMatchObject({
      provisioningState: "Succeeded",
      primaryEndpoints: { blob: `${BLOBS}/`, table: `${TABLES}/` },
    });
    const { keys = [] } = await storageAccounts.listKeys(GROUP, ACCOUNT);
    expect(keys.map(({ keyName }) => keyName)).toEqual(["key1", "key2"]);
    const parameters = { location: LOCATION, sku: { name: "Standard_LRS" }, kind: "StorageV2" };
    await judges(azure).groups.createOrUpdate("others", { location: LOCATION });
    const taken = storageAccounts.beginCreateAndWait("others", ACCOUNT, parameters, FAST);
    await expect(taken).rejects.toMatchObject({ code: "StorageAccountAlreadyTaken" });
    const wrong = storageAccounts.beginCreateAndWait(GROUP, "Not-A-Name", parameters, FAST);
    await expect(wrong).rejects.toThrow();
  });
});

describe("an account with a firewall", () => {
  it("lets in who is on its list, be it with a token or with the account's key, and nobody else", async () => {
    const { storageAccounts, blobContainers } = judges(azure).storage;
    const name = "sopsloopshut";
    const parameters = { location: LOCATION, sku: { name: "Standard_LRS" }, kind: "StorageV2" };
    const networkRuleSet = { defaultAction: "Deny" as const, bypass: "AzureServices" };
    await storageAccounts.beginCreateAndWait(GROUP, name, { ...parameters, networkRuleSet }, FAST);
    // ARM's own way leads past it.
    await blobContainers.create(GROUP, name, "packages", {});
    const { keys = [] } = await storageAccounts.listKeys(GROUP, name);
    const url = `https://${name}.blob.core.windows.net`;
    const upload = async () => {
      const credential = new StorageSharedKeyCredential(name, keys[0]?.value ?? "");
      const blob = new BlobServiceClient(url, credential, azure.storageOptions).getContainerClient(
        "packages",
      );
      return (await blob.uploadBlockBlob("relay.zip", "zip", 3)).response._response.status;
    };
    const refused = { statusCode: 403, code: "AuthorizationFailure" };
    await expect(upload()).rejects.toMatchObject(refused);
    const letIn = (iPAddressOrRange: string) =>
      storageAccounts.update(GROUP, name, {
        networkRuleSet: { ...networkRuleSet, ipRules: [{ iPAddressOrRange, action: "Allow" }] },
      });
    await letIn("198.51.100.7");
    await expect(upload()).rejects.toMatchObject(refused);
    await letIn("203.0.113.0/24");
    await expect(upload()).resolves.toBe(201);
    await storageAccounts.update(GROUP, name, { publicNetworkAccess: "Disabled" });
    await expect(upload()).rejects.toMatchObject(refused);
  });
});

describe("blobs, as @azure/storage-blob sees them, with Azurite behind", () => {
  it("are written, listed, read and deleted by those who have the role, and by nobody else", async () => {
    await judges(azure).storage.blobContainers.create(GROUP, ACCOUNT, "code", {});
    const refused = blobs().getContainerClient("code").uploadBlockBlob("relay.zip", "zip", 3);
    await expect(refused).rejects.toMatchObject({ code: "AuthorizationPermissionMismatch", statusCode: 403 });
    const who = principalWithSecret(azure, "deploys");
    await assign(
      azure,
      who.objectId,
      ROLE.blobContributor,
      `${account}/blobServices/default/containers/code`,
    );
    const container = blobs(azure.credential(who.clientId, who.secret)).getContainerClient("code");
    await container.uploadBlockBlob("relay.zip", "zip", 3);
    const names = [];
    for await (const { name } of container.listBlobsFlat()) names.push(name);
    expect(names).toEqual(["relay.zip"]);
    expect((await container.getBlobClient("relay.zip").downloadToBuffer()).toString()).toBe("zip");
    await container.deleteBlob("relay.zip");
    const other = blobs(azure.credential(who.clientId, who.secret)).getContainerClient("other");
    await expect(other.create()).rejects.toMatchObject({ statusCode: 403 });
  });

  it("are open to the account's key, until keys are forbidden", async () => {
    const { storageAccounts } = judges(azure).storage;
    const { keys = [] } = await storageAccounts.listKeys(GROUP, ACCOUNT);
    const byKey = (key: string | undefined) =>
      new BlobServiceClient(BLOBS, new StorageSharedKeyCredential(ACCOUNT, key ?? ""), azure.storageOptions);
    await byKey(keys[0]?.value).createContainer("by-key");
    const wrong = byKey(Buffer.from("wrong").toString("base64")).createContainer("by-wrong-key");
    await expect(wrong).rejects.toMatchObject({ code: "InvalidAuthenticationInfo" });
    await storageAccounts.update(GROUP, ACCOUNT, { allowSharedKeyAccess: false });
    const late = byKey(keys[0]?.value).createContainer("too-late");
    await expect(late).rejects.toMatchObject({ code: "KeyBasedAuthenticationNotPermitted" });
    await storageAccounts.update(GROUP, ACCOUNT, { allowSharedKeyAccess: true });
  });

  it("are closed to those without a token, whom a challenge tells where to get one", async () => {
    const answer = await azure.ask("GET", `${BLOBS}/code?restype=container&comp=list`, {
      headers: { "x-ms-version": "2025-05-05" },
    });
    expect(answer.status).toBe(401);
    expect(answer.headers["www-authenticate"]).toContain(`login.microsoftonline.com/${azure.tenantId}`);
    const token = await azure.token("https://vault.azure.net/.default");
    expect((await azure.ask("GET", `${BLOBS}/code/x`, { token })).status).toBe(401);
    const forged = new UnsecuredJWT({})
      .setIssuer(`https://sts.windows.net/${azure.tenantId}/`)
      .setAudience("https://storage.azure.com")
      .setIssuedAt()
      .setNotBefore("-1m")
      .setExpirationTime("5m")
      .encode();
    for (const query of ["", "?sig=none", "?sv=2025-05-05&sp=r&sig=bm9uZQ%3D%3D"]) {
      const answer = await azure.ask("GET", `${BLOBS}/code/relay.zip${query}`, { token: forged });
      expect(answer.status).toBeGreaterThanOrEqual(400);
      expect(answer.status).not.toBe(404);
    }
  });
});

describe("tables, as @azure/data-tables sees them", () => {
  it("keep entities with their ETags, for those who have the role", async () => {
    await judges(azure).storage.tableOperations.create(GROUP, ACCOUNT, "claims");
    const who = principalWithSecret(azure, "relay");
    const client = () =>
      new TableClient(TABLES, "claims", azure.credential(who.clientId, who.secret), azure.storageOptions);
    const entity = { partitionKey: "kv|sops", rowKey: "v1", state: "claimed" };
    await expect(client().createEntity(entity)).rejects.toMatchObject({ statusCode: 403 });
    await assign(azure, who.objectId, ROLE.tableContributor, account);
    const { etag = "" } = await client().createEntity(entity);
    await expect(client().createEntity(entity)).rejects.toMatchObject({ statusCode: 409 });
    await client().updateEntity({ ...entity, state: "done" }, "Replace", { etag });
    await expect(client().updateEntity(entity, "Replace", { etag })).rejects.toMatchObject({
      statusCode: 412,
    });
    expect(await client().getEntity("kv|sops", "v1")).toMatchObject({ state: "done" });
    await client().deleteEntity("kv|sops", "v1");
  });

  it("are open to the account's key", async () => {
    const { keys = [] } = await judges(azure).storage.storageAccounts.listKeys(GROUP, ACCOUNT);
    const credential = new AzureNamedKeyCredential(ACCOUNT, keys[1]?.value ?? "");
    const client = new TableClient(TABLES, "bykey", credential, azure.storageOptions);
    await client.createTable();
    await client.upsertEntity({ partitionKey: "a", rowKey: "b" });
    await client.deleteTable();
  });
});
