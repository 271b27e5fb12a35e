import { WebSiteManagementClient } from "@azure/arm-appservice";
import { SecretClient } from "@azure/keyvault-secrets";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { assign, FAST, GROUP, judges, LOCATION, ROLE, vaultForAll } from "./support/judges";
import { type TestAzure, testAzure } from "./support/test-azure";
import { type TestReceiver, testReceiver } from "./support/test-receiver";

const VAULT = "web-kv";

let azure: TestAzure;
let relay: TestReceiver;
let vault: string;

beforeAll(async () => {
  azure = await testAzure();
  vault = await vaultForAll(azure, VAULT);
  relay = await testReceiver(azure, "relay-web");
});
afterAll(async () => {
  await azure.close();
  await relay.close();
});

const web = () => new WebSiteManagementClient(azure.credential(), azure.subscriptionId, azure.options);

describe("function apps, as @azure/arm-appservice sees them", () => {
  it("lie in a plan, have identities, and keep their settings to themselves", async () => {
    const { appServicePlans, webApps } = web();
    const plan = await appServicePlans.beginCreateOrUpdateAndWait(
      GROUP,
      "flex",
      {
        location: LOCATION,
        kind: "functionapp",
        reserved: true,
        sku: { name: "FC1", tier: "FlexConsumption" },
      },
      FAST,
    );
    const { storage } = judges(azure);
    const account = { location: LOCATION, sku: { name: "Standard_LRS" }, kind: "StorageV2" };
    await storage.storageAccounts.beginCreateAndWait(GROUP, "sopsloopcode", account, FAST);
    const made = await webApps.beginCreateOrUpdateAndWait(
      GROUP,
      "sopsloop-relay",
      {
        location: LOCATION,
        kind: "functionapp,linux",
        serverFarmId: plan.id ?? "",
        httpsOnly: true,
        identity: { type: "SystemAssigned" },
        functionAppConfig: {
          runtime: { name: "node", version: "20" },
          scaleAndConcurrency: { maximumInstanceCount: 40, instanceMemoryMB: 2_048 },
          deployment: {
            storage: {
              type: "blobContainer",
              value: "https://sopsloopcode.blob.core.windows.net/code",
              authentication: { type: "SystemAssignedIdentity" },
            },
          },
        },
        siteConfig: { appSettings: [{ name: "A", value: "hush" }] },
      },
      FAST,
    );
    expect(made).toMatchObject({
      defaultHostName: "sopsloop-relay.azurewebsites.net",
      state: "Running",
      identity: { type: "SystemAssigned", tenantId: azure.tenantId, principalId: expect.any(String) },
    });
    expect(JSON.stringify(made)).not.toContain("hush");
    expect((await webApps.listApplicationSettings(GROUP, "sopsloop-relay")).properties).toEqual({
      A: "hush",
    });
    await webApps.updateApplicationSettings(GROUP, "sopsloop-relay", { properties: { B: "2" } });
    expect((await webApps.listApplicationSettings(GROUP, "sopsloop-relay")).properties).toEqual({ B: "2" });
    await expect(appServicePlans.delete(GROUP, "flex")).rejects.toMatchObject({ statusCode: 409 });
  });

  it("take code by user name and password until that is turned off", async () => {
    const { webApps } = web();
    const app = [GROUP, "sopsloop-relay"] as const;
    expect(await webApps.getScmAllowed(...app)).toMatchObject({ name: "scm", allow: true });
    expect(await webApps.updateScmAllowed(...app, { allow: false })).toMatchObject({ allow: false });
    expect(await webApps.getScmAllowed(...app)).toMatchObject({ allow: false });
    expect((await webApps.listApplicationSettings(...app)).properties).toEqual({ B: "2" });
    await expect(webApps.getScmAllowed(GROUP, "nobody")).rejects.toMatchObject({ statusCode: 404 });
  });

  it("are reached under their public names, when somebody runs them", async () => {
    relay.reactsWith(({ headers, path }) => ({ status: 418, body: `${headers.host} ${path}` }));
    const answer = await azure.ask("GET", "https://relay-web.azurewebsites.net/healthz?deep=1");
    expect(answer).toMatchObject({ status: 418, text: "relay-web.azurewebsites.net /healthz?deep=1" });
    expect((await azure.ask("GET", "https://sopsloop-relay.azurewebsites.net/")).status).toBe(503);
    await web().webApps.stop(GROUP, "relay-web");
    expect((await azure.ask("GET", "https://relay-web.azurewebsites.net/")).status).toBe(503);
    await web().webApps.start(GROUP, "relay-web");
    expect((await azure.admin("PUT", "/sites/relay-web", { address: "http://192.0.2.1" })).status).toBe(400);
  });

  it("get secrets in the place of references, when their identity may read them", async () => {
    const { webApps } = web();
    const secrets = new SecretClient(`https://${VAULT}.vault.azure.net`, azure.credential(), azure.options);
    await secrets.setSecret("trigger-token", "glptt-secret");
    const reference = `@Microsoft.KeyVault(SecretUri=https://${VAULT}.vault.azure.net/secrets/trigger-token/)`;
    const byName = `@Microsoft.KeyVault(VaultName=${VAULT};SecretName=trigger-token)`;
    const properties = { TOKEN: reference, TOKEN_BY_NAME: byName, PLAIN: "plain" };
    await webApps.updateApplicationSettings(GROUP, "sopsloop-relay", { properties });
    const environment = async () => (await azure.admin("GET", "/sites/sopsloop-relay/environment")).body;
    expect(await environment()).toMatchObject({ TOKEN: reference, PLAIN: "plain" });
    const { identity } = await webApps.get(GROUP, "sopsloop-relay");
    await assign(azure, identity?.principalId ?? "", ROLE.secretsUser, `${vault}/secrets/trigger-token`);
    expect(await environment()).toMatchObject({
      TOKEN: "glptt-secret",
      TOKEN_BY_NAME: "glptt-secret",
      WEBSITE_HOSTNAME: "sopsloop-relay.azurewebsites.net",
      IDENTITY_ENDPOINT: `${azure.address}/msi/token`,
      IDENTITY_HEADER: expect.stringMatching(/^[0-9A-F]{32}$/),
    });
  });
});
