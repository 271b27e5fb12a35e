import { expect, test, vi } from "vitest";
import { parseAllDocuments } from "yaml";
import { sampleConfig } from "../config/sample";
import { gitlabConfig, PROJECTS } from "../gitlab/sample";
import { awaited, runProgram } from "../program";
import { azureConfig, fullAzure, NODES, RELAY_IN_CLUSTER, RUNNERS, SUBNET, smallestAzure } from "./sample";

// The program is loaded anew in each of them.
vi.setConfig({ testTimeout: 60_000 });

const options = { gitlab: PROJECTS };
const ours = ({ type }: { readonly type: string }) => /azure/i.test(type);
const SECRET = "4dabf18193072939515e22adb298388d";

test("nothing of it without its config, and nothing of its SDK is loaded", async () => {
  let loaded = false;
  vi.doMock("@pulumi/azure-native/provider", (original) => {
    loaded = true;
    return original();
  });
  const { children, exported } = await runProgram(gitlabConfig(), options);
  expect(children.filter(ours)).toEqual([]);
  expect(exported).not.toHaveProperty("azure");
  expect(exported.audit).not.toHaveProperty("azure");
  expect(exported.sopsConfig).not.toContain("azure");
  expect(loaded).toBe(false);
  await runProgram(azureConfig(), options);
  expect(loaded).toBe(true);
  vi.doUnmock("@pulumi/azure-native/provider");
});

test("the smallest: a vault, a key, four roles, and who Flux is", async () => {
  const { children } = await runProgram({ ...sampleConfig(), azure: smallestAzure() });
  expect(children.filter(ours).map(({ type, name }) => `${type} ${name}`)).toMatchInlineSnapshot(`
    [
      "pulumi:providers:azure-native azure",
      "azure-native:authorization:RoleAssignment azure-flux-flux-system_kustomize-controller-may-decrypt-weu",
      "azure-native:managedidentity:FederatedIdentityCredential azure-flux-flux-system_kustomize-controller-trust",
      "azure-native:managedidentity:UserAssignedIdentity azure-flux-flux-system_kustomize-controller-identity",
      "sopsloop:azure:AzureFluxIdentity azure-flux",
      "azure-native:keyvault:Key azure-weu-key",
      "sopsloop:azure:AzureKey azure-weu",
      "azure-native:keyvault:Vault azure-weu-vault",
      "sopsloop:azure:AzureVault azure-weu",
      "azure-native:authorization:RoleDefinition azure-decrypt",
      "azure-native:authorization:RoleDefinition azure-encrypt",
      "azure-native:authorization:RoleDefinition azure-rewrap",
      "azure-native:authorization:RoleDefinition azure-status",
      "sopsloop:azure:KeyRoles azure",
    ]
  `);
});

test("a preview makes the same resources as an update, and tells what it cannot know yet", async () => {
  const update = await runProgram(azureConfig(), options);
  const preview = await runProgram(azureConfig(), { ...options, preview: true });
  expect(preview.children.map(({ urn }) => urn)).toEqual(update.children.map(({ urn }) => urn));
});

test("an update waits for the relay before it tells Event Grid of it, and a preview does not", async () => {
  await runProgram(azureConfig(), options);
  expect(awaited).toEqual(["https://func-sops-prod.azurewebsites.net/healthz"]);
  await runProgram(azureConfig(), { ...options, preview: true });
  expect(awaited).toEqual([]);
});

test("every resource of Azure's has its provider's component above it", async () => {
  const { children } = await runProgram(azureConfig(), options);
  const orphans = children.filter(
    (child) => ours(child) && child.parent === "" && !child.type.startsWith("sopsloop:"),
  );
  expect(orphans.map(({ type }) => type)).toEqual(["pulumi:providers:azure-native"]);
});

test("no resource of Azure's is looked for under names that it never had", async () => {
  const { children } = await runProgram(azureConfig(), options);
  const known = children.filter(({ type }) => type.startsWith("azure-native:"));
  expect(known.length).toBeGreaterThan(50);
  expect(known.filter(({ aliases }) => aliases > 0)).toEqual([]);
});

test("either region decrypts, and so does Vault: all stand in one group", async () => {
  const { exported, children } = await runProgram(azureConfig(), options);
  expect(exported.sopsConfig).toContain(
    "azure_keyvault: https://kv-sops-prod-weu.vault.azure.net/keys/sops,https://kv-sops-prod-neu.vault.azure.net/keys/sops",
  );
  const file = children.find(({ name }) => name === "gitlab-file-.sops.yaml");
  expect(file?.inputs.content).toBe(exported.sopsConfig);
});

test("jobs are told who they are, and whoever starts a pipeline may say which key has rotated", async () => {
  const { children } = await runProgram(azureConfig(), options);
  const file = children.find(({ name }) => name === "gitlab-file-.gitlab-ci.yml");
  const [header, jobs] = parseAllDocuments(String(file?.inputs.content)).map((document) => document.toJS());
  expect(Object.keys(header.spec.inputs)).toEqual(["backend", "key", "version", "app-ref"]);
  const told = jobs.include.map(({ local, inputs }: { local: string; inputs: Record<string, string> }) => [
    local,
    inputs["azure-client-id"],
    inputs["azure-tenant-id"],
    inputs["azure-audience"],
  ]);
  const rest = ["22222222-2222-2222-2222-222222222222", "api://AzureADTokenExchange"];
  expect(told).toEqual([
    [".gitlab/sopsloop/status.yml", "client-of-sops-prod-gitlab-status", ...rest],
    [".gitlab/sopsloop/rewrap.yml", "client-of-sops-prod-gitlab-rewrap", ...rest],
    [".gitlab/sopsloop/chart.yml", "client-of-sops-prod-gitlab-chart", ...rest],
  ]);
});

test("a job's identity trusts the project by the name that GitLab itself gives it", async () => {
  const { children } = await runProgram(azureConfig(), options);
  const trust = children.find(({ name }) => name === "azure-gitlab-rewrap-trust");
  expect(trust?.inputs.subject).toBe("project_path:Platform/deploy:ref_type:branch:ref:main");
  expect(trust?.inputs.issuer).toBe("https://gitlab.example.com");
});

test("without a relay there is nothing of Event Grid", async () => {
  const { children, exported } = await runProgram(azureConfig({ relay: undefined }), options);
  expect(children.filter(({ type }) => /eventgrid|storage|web:/.test(type))).toEqual([]);
  expect(exported.azure).not.toHaveProperty("relay");
});

test("a relay that runs elsewhere is told of rotations too, and its settings are outputs", async () => {
  const relay = { url: "https://relay.example.com/hooks/", storageAccount: "stsopsprod" };
  const { children, exported } = await runProgram(azureConfig({ relay }), options);
  expect(
    children.filter(({ type }) => /web:|:Secret$|resources:/.test(type) && type.includes("azure")),
  ).toEqual([]);
  const [subscription] = children.filter(({ type }) => type.endsWith("EventSubscription"));
  expect(JSON.stringify(subscription?.inputs)).toContain(
    '"endpointUrl":"https://relay.example.com/hooks/events"',
  );
  const azure = exported.azure as { relay: { environment: object; secrets: Record<string, object> } };
  expect(azure.relay.environment).toMatchObject({
    RELAY_KEYS: "kv-sops-prod-weu/sops,kv-sops-prod-neu/sops",
    RELAY_SUBSCRIPTIONS: "sops-prod-rotations",
  });
  expect(Object.values(azure.relay.secrets).every((secret) => SECRET in secret)).toBe(true);
});

test("a relay in the cluster is made by the program's own provider of it, of the same settings and secrets", async () => {
  const { children, exported } = await runProgram(azureConfig({ relay: RELAY_IN_CLUSTER }), options);
  const own = children.filter(({ parent }) => parent.endsWith("RelayDeployment::azure-relay"));
  expect(own.map(({ type }) => type.replace("kubernetes:", ""))).toEqual([
    "apps/v1:Deployment",
    "core/v1:ConfigMap",
    "core/v1:Namespace",
    "core/v1:PersistentVolumeClaim",
    "core/v1:Secret",
    "core/v1:Service",
    "core/v1:ServiceAccount",
    ...Array.from({ length: 4 }, () => "networking.k8s.io/v1:NetworkPolicy"),
  ]);
  const [provider] = children.filter(({ type }) => type === "pulumi:providers:kubernetes");
  expect(own.map(({ provider: used }) => used)).toEqual(own.map(() => `${provider?.urn}::kubernetes-id`));
  const [deployment] = own;
  const { environment } = (exported.azure as { relay: { environment: Record<string, string> } }).relay;
  const wire = JSON.stringify(deployment?.inputs);
  for (const [name, value] of Object.entries(environment))
    expect(wire).toContain(JSON.stringify({ name, value }));
  // No app, no code, and dead letters alone in the storage.
  expect(children.filter(({ type }) => /web:|resources:|:Table$/.test(type))).toEqual([]);
  const containers = children.filter(({ type }) => type.endsWith(":BlobContainer"));
  expect(containers.map(({ inputs }) => inputs.containerName)).toEqual(["dead-letters"]);
});

test("Event Grid is told of a relay in the cluster once it answers, and waits for its Deployment", async () => {
  const config = azureConfig({ relay: RELAY_IN_CLUSTER });
  const endpoints = async (preview: boolean) => {
    const { children } = await runProgram(config, { ...options, preview });
    return children
      .filter(({ type }) => type.endsWith("EventSubscription"))
      .map(({ inputs }) => JSON.stringify(inputs.destination));
  };
  const update = await endpoints(false);
  expect(awaited).toEqual(["https://relay.example.com/healthz"]);
  expect(update).toHaveLength(2);
  for (const destination of update)
    expect(destination).toContain('"endpointUrl":"https://relay.example.com/events"');
  const preview = await endpoints(true);
  expect(awaited).toEqual([]);
  expect(preview).toHaveLength(2);
  for (const destination of preview) expect(destination).not.toContain("relay.example.com");
});

test.each([
  ["GitLab's port", { address: "https://gitlab.example.com:8443" }, {}, [8443]],
  ["one port for both", {}, { entraApplication: "api://relay" }, [443]],
  [
    "GitLab's port and that of Entra ID's keys",
    { address: "https://gitlab.example.com:8443" },
    { entraApplication: "api://relay" },
    [8443, 443],
  ],
])("a relay in the cluster reaches %s, and no other", async (_, gitlab, relay, ports) => {
  const config = { ...gitlabConfig(gitlab), azure: fullAzure({ relay: { ...RELAY_IN_CLUSTER, ...relay } }) };
  const { children } = await runProgram(config, options);
  const [policy] = children.filter(({ name }) => name === "azure-relay-calls");
  expect(policy?.inputs.spec).toMatchObject({
    egress: [{ ports: ports.map((port) => ({ protocol: "TCP", port })) }],
  });
});

test.each([
  ["which alone lets its subnet in", "weu", [true, false]],
  ["whose private endpoint it takes, if there is one", "neu", [false, false]],
])("the relay's secrets lie in one vault, %s", async (_, vault, letsIn) => {
  const { relay } = fullAzure() as { relay: object };
  const { children } = await runProgram(azureConfig({ relay: { ...relay, vault } }), options);
  const subnets = (name: string) =>
    JSON.stringify(children.find((child) => child.name === name)?.inputs.properties).includes(
      "subnets/relay",
    );
  expect([subnets("azure-weu-vault"), subnets("azure-neu-vault")]).toEqual(letsIn);
  const secrets = children.filter(({ type }) => type === "azure-native:keyvault:Secret");
  expect(new Set(secrets.map(({ inputs }) => inputs.vaultName))).toEqual(new Set([`kv-sops-prod-${vault}`]));
});

test("who may reach the relay's storage alone reaches no vault, and is named there once", async () => {
  const { relay } = fullAzure() as { relay: object };
  const config = azureConfig({
    relay: { ...relay, allowedIps: ["203.0.113.0/24", "198.51.100.7"], allowedSubnets: [RUNNERS, NODES] },
  });
  const { children } = await runProgram(config, options);
  const [account] = children.filter(({ type }) => type.endsWith(":StorageAccount"));
  expect(account?.inputs.networkRuleSet).toEqual({
    bypass: "AzureServices",
    defaultAction: "Deny",
    ipRules: ["203.0.113.0/24", "198.51.100.7"].map((iPAddressOrRange) => ({
      iPAddressOrRange,
      action: "Allow",
    })),
    virtualNetworkRules: [NODES, RUNNERS, SUBNET].map((virtualNetworkResourceId) => ({
      virtualNetworkResourceId,
      action: "Allow",
    })),
  });
  const vaults = children.filter(({ type }) => type === "azure-native:keyvault:Vault");
  expect(vaults).toHaveLength(2);
  for (const { inputs } of vaults)
    expect(JSON.stringify(inputs)).not.toMatch(/198\.51\.100\.7|subnets\/runners/);
});

test("a vault that is reached by its private endpoint alone stays closed, whoever uploads the relay's code", async () => {
  const { relay } = fullAzure() as { relay: object };
  const config = azureConfig({
    vaults: { weu: { name: "kv-sops-prod-weu", privateEndpoint: { subnetId: NODES } } },
    network: undefined,
    relay: { ...relay, allowedIps: ["198.51.100.7"] },
  });
  const { children } = await runProgram(config, options);
  const [vault] = children.filter(({ type }) => type === "azure-native:keyvault:Vault");
  expect(vault?.inputs.properties).toMatchObject({
    publicNetworkAccess: "Disabled",
    networkAcls: { defaultAction: "Deny", ipRules: [], virtualNetworkRules: [] },
  });
});

test("the issuer is Vault's own where Vault has the cluster's keys from it", async () => {
  const config = {
    ...sampleConfig(),
    vault: {
      address: "https://vault.example.com",
      auth: { method: "jwt", keys: { discovery: "https://issuer.example.com" } },
    },
    azure: smallestAzure({ flux: undefined }),
  };
  const { children } = await runProgram(config);
  const trust = children.find(({ type }) => type.endsWith("FederatedIdentityCredential"));
  expect(trust?.inputs.issuer).toBe("https://issuer.example.com");
});

test("outputs: what scripts and auditors need, with no secret in the clear", async () => {
  const { exported, children } = await runProgram(azureConfig(), options);
  const { azure, audit } = exported as { azure: Record<string, unknown>; audit: Record<string, unknown> };
  const { relay, ...rest } = azure;
  expect(rest).toMatchInlineSnapshot(`
    {
      "keys": [
        "https://kv-sops-prod-weu.vault.azure.net/keys/sops",
        "https://kv-sops-prod-neu.vault.azure.net/keys/sops",
      ],
      "roles": {
        "decrypt": "/subscriptions/11111111-1111-1111-1111-111111111111/providers/Microsoft.Authorization/roleDefinitions/b27c2b0f-e7e2-821e-adb1-4c56885bd674",
        "encrypt": "/subscriptions/11111111-1111-1111-1111-111111111111/providers/Microsoft.Authorization/roleDefinitions/a73e30f9-7043-85dc-afa9-2c293ad86ed8",
        "rewrap": "/subscriptions/11111111-1111-1111-1111-111111111111/providers/Microsoft.Authorization/roleDefinitions/1390702c-212a-86f1-ad91-fd7ef5ba2028",
        "status": "/subscriptions/11111111-1111-1111-1111-111111111111/providers/Microsoft.Authorization/roleDefinitions/ef9aa43f-d5c2-8a4f-a7b8-f8be420b12fc",
      },
      "tenantId": "22222222-2222-2222-2222-222222222222",
    }
  `);
  expect(audit.azure).toMatchInlineSnapshot(`
    {
      "identities": [
        {
          "audience": "api://AzureADTokenExchange",
          "clientId": "client-of-sops-prod-flux-flux-system_kustomize-controller",
          "issuer": "https://oidc.example.com/cluster/",
          "may": [
            "decrypt",
          ],
          "name": "sops-prod-flux-flux-system_kustomize-controller",
          "subject": "system:serviceaccount:flux-system:kustomize-controller",
        },
        {
          "audience": "api://AzureADTokenExchange",
          "clientId": "client-of-sops-prod-gitlab-rewrap",
          "issuer": "https://gitlab.example.com",
          "may": [
            "read",
            "encrypt",
            "decrypt",
          ],
          "name": "sops-prod-gitlab-rewrap",
          "subject": "project_path:Platform/deploy:ref_type:branch:ref:main",
        },
        {
          "audience": "api://AzureADTokenExchange",
          "clientId": "client-of-sops-prod-gitlab-status",
          "issuer": "https://gitlab.example.com",
          "may": [
            "read",
          ],
          "name": "sops-prod-gitlab-status",
          "subject": "project_path:Platform/deploy:ref_type:branch:ref:main",
        },
        {
          "audience": "api://AzureADTokenExchange",
          "clientId": "client-of-sops-prod-gitlab-chart",
          "issuer": "https://gitlab.example.com",
          "may": [
            "read",
            "encrypt",
          ],
          "name": "sops-prod-gitlab-chart",
          "subject": "project_path:Platform/deploy:ref_type:branch:ref:main",
        },
      ],
      "keys": [
        {
          "expiresAfter": "P2Y",
          "mayDecrypt": [
            "sops-prod-flux-flux-system_kustomize-controller",
            "sops-prod-gitlab-rewrap",
          ],
          "mayEncrypt": [
            "sops-prod-gitlab-rewrap",
            "sops-prod-gitlab-chart",
          ],
          "mayRead": [
            "sops-prod-gitlab-rewrap",
            "sops-prod-gitlab-status",
            "sops-prod-gitlab-chart",
          ],
          "name": "sops",
          "rotatesAfter": "P90D",
          "rotatesBeforeExpiry": null,
          "size": 3072,
          "type": "RSA",
          "url": "https://kv-sops-prod-weu.vault.azure.net/keys/sops",
          "vault": "kv-sops-prod-weu",
        },
        {
          "expiresAfter": "P2Y",
          "mayDecrypt": [
            "sops-prod-flux-flux-system_kustomize-controller",
            "sops-prod-gitlab-rewrap",
          ],
          "mayEncrypt": [
            "sops-prod-gitlab-rewrap",
            "sops-prod-gitlab-chart",
          ],
          "mayRead": [
            "sops-prod-gitlab-rewrap",
            "sops-prod-gitlab-status",
            "sops-prod-gitlab-chart",
          ],
          "name": "sops",
          "rotatesAfter": "P90D",
          "rotatesBeforeExpiry": null,
          "size": 3072,
          "type": "RSA",
          "url": "https://kv-sops-prod-neu.vault.azure.net/keys/sops",
          "vault": "kv-sops-prod-neu",
        },
      ],
    }
  `);
  const { secrets: _, ...open } = relay as Record<string, unknown>;
  expect(open).toMatchInlineSnapshot(`
    {
      "environment": {
        "GITLAB_PROJECT": "101",
        "GITLAB_REF": "main",
        "GITLAB_URL": "https://gitlab.example.com",
        "RELAY_AUTH": "secret",
        "RELAY_KEYS": "kv-sops-prod-weu/sops,kv-sops-prod-neu/sops",
        "RELAY_SUBSCRIPTIONS": "sops-prod-rotations",
      },
      "subscriptionIds": [
        "azure-events-subscription-weu-id",
        "azure-events-subscription-neu-id",
      ],
      "url": "https://func-sops-prod.azurewebsites.net",
    }
  `);
  expect(JSON.stringify([rest, open, audit])).not.toMatch(/the-trigger-token/);
  for (const { inputs } of children.filter(ours))
    for (const value of Object.values(inputs).filter((one) => typeof one === "string"))
      expect(value).not.toMatch(/the-trigger-token/);
});
