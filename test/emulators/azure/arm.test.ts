import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { FAST, GROUP, judges, LOCATION, vaultParameters } from "./support/judges";
import { type TestAzure, testAzure } from "./support/test-azure";

const ARM = "https://management.azure.com";

let azure: TestAzure;

beforeAll(async () => {
  azure = await testAzure();
  await judges(azure).groups.createOrUpdate(GROUP, { location: "West Europe", tags: { env: "dev" } });
});
afterAll(() => azure.close());

const group = () => `/subscriptions/${azure.subscriptionId}/resourceGroups/${GROUP}`;
/** Tokens end when the clock is moved. */
const token = () => azure.token(`${ARM}/.default`);
const put = async (path: string, body: unknown, version = "2024-11-01") =>
  azure.ask("PUT", `${ARM}${group()}${path}?api-version=${version}`, { token: await token(), body });

describe("ARM, as @azure/arm-resources and @azure/arm-keyvault see it", () => {
  it("keeps resource groups", async () => {
    const { groups } = judges(azure);
    expect(await groups.get(GROUP)).toMatchObject({
      location: LOCATION,
      tags: { env: "dev" },
      properties: { provisioningState: "Succeeded" },
    });
    await groups.createOrUpdate("other", { location: LOCATION });
    const names = [];
    for await (const one of groups.list()) names.push(one.name);
    expect(names).toEqual([GROUP, "other"]);
    await groups.beginDeleteAndWait("other", FAST);
    await expect(groups.get("other")).rejects.toMatchObject({
      code: "ResourceGroupNotFound",
      statusCode: 404,
    });
  });

  it("keeps vaults, fills in what was not said, and lists them", async () => {
    const { vaults } = judges(azure).keyvault;
    const made = await vaults.createOrUpdate(GROUP, "arm-kv", vaultParameters(azure), FAST);
    expect(made.properties).toMatchObject({
      vaultUri: "https://arm-kv.vault.azure.net/",
      enableSoftDelete: true,
      softDeleteRetentionInDays: 90,
      enableRbacAuthorization: true,
      publicNetworkAccess: "Enabled",
      provisioningState: "Succeeded",
    });
    expect(made.location).toBe(LOCATION);
    const changed = await vaults.update(GROUP, "arm-kv", {
      tags: { owner: "me" },
      properties: { enablePurgeProtection: true },
    });
    expect(changed).toMatchObject({
      tags: { owner: "me" },
      properties: { enablePurgeProtection: true, sku: { name: "standard" } },
    });
    const names = [];
    for await (const vault of vaults.listByResourceGroup(GROUP)) names.push(vault.name);
    expect(names).toEqual(["arm-kv"]);
    expect(
      await vaults.checkNameAvailability({ name: "arm-kv", type: "Microsoft.KeyVault/vaults" }),
    ).toMatchObject({
      nameAvailable: false,
      reason: "AlreadyExists",
    });
  });

  it("keeps a deleted vault in the bin, where its name is a trap until it is purged or recovered", async () => {
    const { vaults } = judges(azure).keyvault;
    await vaults.createOrUpdate(
      GROUP,
      "trap-kv",
      vaultParameters(azure, { softDeleteRetentionInDays: 7 }),
      FAST,
    );
    await vaults.delete(GROUP, "trap-kv");
    const deleted = await vaults.getDeleted("trap-kv", LOCATION);
    expect(deleted.properties?.vaultId).toBe(`${group()}/providers/Microsoft.KeyVault/vaults/trap-kv`);
    const again = vaults.createOrUpdate(GROUP, "trap-kv", vaultParameters(azure), FAST);
    await expect(again).rejects.toMatchObject({ code: "ConflictError", statusCode: 409 });
    const elsewhere = `/providers/Microsoft.KeyVault/vaults/Trap-KV`;
    await judges(azure).groups.createOrUpdate("second", { location: LOCATION });
    const other = await azure.ask(
      "PUT",
      `${ARM}/subscriptions/${azure.subscriptionId}/resourceGroups/second${elsewhere}?api-version=2024-11-01`,
      { token: await token(), body: vaultParameters(azure) },
    );
    expect(other).toMatchObject({ status: 409, body: { error: { code: "VaultAlreadyExists" } } });
    const recovered = await vaults.createOrUpdate(
      GROUP,
      "trap-kv",
      vaultParameters(azure, { createMode: "recover" }),
      FAST,
    );
    expect(recovered.properties?.softDeleteRetentionInDays).toBe(7);
    await vaults.delete(GROUP, "trap-kv");
    await vaults.purgeDeleted("trap-kv", LOCATION, FAST);
    await expect(vaults.getDeleted("trap-kv", LOCATION)).rejects.toMatchObject({ statusCode: 404 });
    await vaults.createOrUpdate(GROUP, "trap-kv", vaultParameters(azure), FAST);
  });

  it("never purges a protected vault before its time, and forgets it then", async () => {
    const { vaults } = judges(azure).keyvault;
    const properties = { enablePurgeProtection: true, softDeleteRetentionInDays: 7 };
    await vaults.createOrUpdate(GROUP, "guarded-kv", vaultParameters(azure, properties), FAST);
    const off = await put("/providers/Microsoft.KeyVault/vaults/guarded-kv", {
      ...vaultParameters(azure, { enablePurgeProtection: false }),
    });
    expect(off).toMatchObject({
      status: 400,
      body: { error: { message: expect.stringContaining("enablePurgeProtection") } },
    });
    await vaults.delete(GROUP, "guarded-kv");
    await expect(vaults.purgeDeleted("guarded-kv", LOCATION, FAST)).rejects.toMatchObject({
      statusCode: 405,
    });
    await azure.core.clock.advance(7 * 24 * 3_600_000);
    const later = judges(azure).keyvault.vaults;
    await expect(later.getDeleted("guarded-kv", LOCATION)).rejects.toMatchObject({ statusCode: 404 });
  });
});
