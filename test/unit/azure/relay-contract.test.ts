import { metrics } from "@opentelemetry/api";
import { expect, test } from "vitest";
import { deliverySecret } from "../../../components/azure/delivery-secret";
import { bin } from "../../../package.json";
import { SECRET_HEADER, SharedSecret } from "../../../relay/auth/shared-secret";
import { EVENTS } from "../../../relay/handler";
import { METER } from "../../../relay/platforms/meter-name";
import { listenAddress } from "../../../relay/platforms/serve";
import { Relay } from "../../../relay/relay";
import { readSettings } from "../../../relay/settings/settings";
import { PROJECTS } from "../gitlab/sample";
import { runProgram } from "../program";
import { azureConfig, fullAzure, RELAY_IN_CLUSTER } from "./sample";

const TENANT = "22222222-2222-2222-2222-222222222222";
const READ_TOKEN = `glpat-${"z".repeat(20)}`;
const { relay } = fullAzure() as { relay: object };

/** As Azure would start the app: what is a secret in the vault is a value by then. */
async function started(changes: object = {}) {
  const config = { ...azureConfig({ relay: { ...relay, ...changes } }), relayReadToken: READ_TOKEN };
  const { children } = await runProgram(config, { gitlab: PROJECTS });
  const inputsOf = (type: string) =>
    children.filter((child) => child.type.endsWith(type)).map((c) => c.inputs);
  const [app] = inputsOf("web:WebApp");
  if (!app) throw new Error("there is no app");
  const { appSettings } = app.siteConfig as { appSettings: readonly { name: string; value: string }[] };
  const variables = appSettings.map(({ name, value }) => [
    name,
    value.startsWith("@") ? secretFor(name) : value,
  ]);
  const subscriptions = inputsOf(":SystemTopicEventSubscription");
  return { settings: readSettings(Object.fromEntries(variables)), subscriptions };
}

function secretFor(variable: string): string {
  if (variable === "GITLAB_READ_TOKEN") return READ_TOKEN;
  return variable.startsWith("GITLAB") ? `glptt-${"x".repeat(20)}` : deliverySecret("the-trigger-token");
}

test("the relay takes the settings that the program gives it", async () => {
  const { settings } = await started();
  expect(settings.gitlab).toMatchObject({ project: "101", ref: "main" });
  expect(settings.gitlab.tokens.values).toHaveLength(2);
  expect(settings.gitlab.readTokens?.values).toEqual([READ_TOKEN]);
  expect(settings.auth).toMatchObject({ mode: "secret" });
  expect(settings.claims).toMatchObject({
    account: "https://stsopsprod.table.core.windows.net",
    table: "claims",
  });
  expect([...settings.keys]).toEqual(["kv-sops-prod-weu/sops", "kv-sops-prod-neu/sops"]);
});

test("and those for Entra ID", async () => {
  const { settings } = await started({ entraApplication: "api://sopsloop-relay" });
  expect(settings.auth).toMatchObject({ mode: "entra", tenant: TENANT, audiences: ["api://sopsloop-relay"] });
});

test("Event Grid delivers where the relay listens, by a subscription that it knows, with the header that it looks for", async () => {
  const { settings, subscriptions } = await started();
  expect(subscriptions).toHaveLength(2);
  for (const { eventSubscriptionName, destination } of subscriptions) {
    expect(settings.subscriptions).toContain(eventSubscriptionName);
    const wire = JSON.stringify(destination);
    expect(wire).toContain(`https://func-sops-prod.azurewebsites.net${EVENTS}"`);
    expect(wire).toContain(`"name":"${SECRET_HEADER}"`);
  }
});

test("who may replay beside Event Grid is let in by the relay, and Event Grid still is", async () => {
  const replayers = ["33333333-3333-3333-3333-333333333333"];
  const callersOf = async (changes: object) => {
    const { auth } = (await started({ entraApplication: TENANT, ...changes })).settings;
    return auth.mode === "entra" ? auth.callers : [];
  };
  const [eventGrid] = await callersOf({});
  expect(await callersOf({ replayers })).toEqual([eventGrid, ...replayers]);
});

test("with the secret in the address, the relay takes what Event Grid posts there", async () => {
  const { settings, subscriptions } = await started({ secretIn: "address" });
  const [first = {}] = subscriptions;
  const { value } = first.destination as { value: { endpointUrl: string } };
  expect(JSON.stringify(value)).not.toContain(SECRET_HEADER);
  expect(value.endpointUrl.split("?")[0]).toBe(`https://func-sops-prod.azurewebsites.net${EVENTS}`);
  if (settings.auth.mode !== "secret") throw new Error("the relay asks for no secret");
  const guard = new SharedSecret(settings.auth.secrets);
  const post = (url: string) => guard.check(new Request(url, { method: "POST" }));
  await expect(post(value.endpointUrl)).resolves.toBeUndefined();
  await expect(post(`${value.endpointUrl}0`)).rejects.toMatchObject({ status: 401 });
});

/** As the kubelet would start the pod: with the Secret's keys as files. */
async function startedInCluster(changes: object = {}) {
  const config = {
    ...azureConfig({ relay: { ...RELAY_IN_CLUSTER, ...changes } }),
    relayReadToken: READ_TOKEN,
  };
  const { children } = await runProgram(config, { gitlab: PROJECTS });
  const inputsOf = (type: string, name: string) => {
    const [found] = children.filter((child) => child.type.endsWith(type) && child.name === name);
    if (!found) throw new Error(`there is no ${name}`);
    return found.inputs;
  };
  const { template } = inputsOf(":Deployment", "azure-relay-deployment").spec as { template: Pod };
  const [container] = template.spec.containers;
  const { data } = inputsOf(":Secret", "azure-relay-secrets") as { data: { value: Record<string, string> } };
  const readFile = (path: string) => {
    const mount = container?.volumeMounts.find(({ mountPath }) => path.startsWith(`${mountPath}/`));
    if (mount?.name !== "secrets") throw new Error(`nothing is mounted at ${path}`);
    const key = path.slice(mount.mountPath.length + 1);
    if (data.value[key] === undefined) throw new Error(`the Secret has no ${key}`);
    return secretFor(key);
  };
  const variables = Object.fromEntries(container?.env.map(({ name, value }) => [name, value]) ?? []);
  return { settings: readSettings(variables, { readFile }), container, variables };
}

interface Pod {
  readonly spec: {
    readonly containers: readonly {
      readonly command: readonly string[];
      readonly args: readonly string[];
      readonly env: readonly { readonly name: string; readonly value: string }[];
      readonly volumeMounts: readonly { readonly name: string; readonly mountPath: string }[];
      readonly livenessProbe: { readonly httpGet: { readonly path: string; readonly port: number } };
    }[];
  };
}

test("so does a relay in the cluster, whose secrets are files that it reads again", async () => {
  const { settings, variables } = await startedInCluster();
  expect(settings.gitlab).toMatchObject({ url: "https://gitlab.example.com", project: "101", ref: "main" });
  expect(settings.gitlab.tokens.values).toHaveLength(2);
  expect(settings.gitlab.readTokens?.values).toEqual([READ_TOKEN]);
  expect(settings.auth.mode === "secret" && settings.auth.secrets.values).toHaveLength(2);
  expect(settings.claims).toMatchObject({ kind: "folder", folder: "/var/lib/relay/claims" });
  expect([...settings.keys]).toEqual(["kv-sops-prod-weu/sops", "kv-sops-prod-neu/sops"]);
  expect(Object.keys(variables)).not.toContain("GITLAB_TRIGGER_TOKEN");
});

test("its claims lie on the volume, and its arguments are the command's own", async () => {
  const { container, settings } = await startedInCluster({ entraApplication: "api://sopsloop-relay" });
  expect(settings.auth).toMatchObject({ mode: "entra", tenant: TENANT, audiences: ["api://sopsloop-relay"] });
  const claims = container?.volumeMounts.find(({ name }) => name === "claims");
  expect(settings.claims).toMatchObject({ folder: expect.stringContaining(`${claims?.mountPath}/`) });
  const [command, option, listen = ""] = container?.args ?? [];
  expect([container?.command, command, option]).toEqual([Object.keys(bin), "relay", "--listen"]);
  expect(listenAddress(listen)?.port).toBe(container?.livenessProbe.httpGet.port);
  const relay = new Relay(settings, { meter: metrics.getMeter(METER), writeLog: () => undefined });
  const asked = await relay.handler(new Request(`http://relay${container?.livenessProbe.httpGet.path}`));
  expect(asked.status).toBe(200);
});
