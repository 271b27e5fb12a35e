import { expect, test } from "vitest";
import { SECRET_HEADER } from "../../../relay/auth/shared-secret";
import { EVENTS } from "../../../relay/handler";
import { readSettings } from "../../../relay/settings/settings";
import { PROJECTS } from "../gitlab/sample";
import { runProgram } from "../program";
import { azureConfig, fullAzure } from "./sample";

const TENANT = "22222222-2222-2222-2222-222222222222";
const { relay } = fullAzure() as { relay: object };

/** As Azure would start the app: what is a secret in the vault is a value by then. */
async function started(changes: object = {}) {
  const config = azureConfig({ relay: { ...relay, ...changes } });
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
  return variable.startsWith("GITLAB") ? `glptt-${"x".repeat(20)}` : "y".repeat(64);
}

test("the relay takes the settings that the program gives it", async () => {
  const { settings } = await started();
  expect(settings.gitlab).toMatchObject({ project: "101", ref: "main" });
  expect(settings.gitlab.tokens.values).toHaveLength(2);
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
