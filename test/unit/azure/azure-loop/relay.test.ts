import { expect, test } from "vitest";
import { gitlabConfig, PROJECTS } from "../../gitlab/sample";
import { awaited, runProgram } from "../../program";
import { azureConfig, fullAzure, RELAY_IN_CLUSTER } from "../sample";

const SECRET = "4dabf18193072939515e22adb298388d";
const options = { gitlab: PROJECTS };

test("an update waits for the relay before it tells Event Grid of it, and a preview does not", async () => {
  await runProgram(azureConfig(), options);
  expect(awaited).toEqual(["https://func-sops-prod.azurewebsites.net/healthz"]);
  await runProgram(azureConfig(), { ...options, preview: true });
  expect(awaited).toEqual([]);
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
