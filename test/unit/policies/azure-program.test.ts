import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { evaluate } from "../../../policies/evaluate";
import { RELAY_IN_CLUSTER } from "../azure/sample";
import { PROJECTS } from "../gitlab/sample";
import { runProgram } from "../program";
import { withAzureIds } from "./support/azure-ids";
import { stackOf } from "./support/program-stack";

const EXAMPLE = join(__dirname, "..", "..", "..", "Pulumi.prod.yaml.example");
const vault = { "sys/auth": { "jwt/": { description: "of the stack that patches Flux" } } };
const gitlab = {
  "platform/deploy-prod": PROJECTS["platform/deploy"],
  "platform/app": PROJECTS["platform/app"],
};

/** A package that need not be built first. */
const FUNCTION = { package: "test/unit/azure/function.zip" };
/** The same stack with its relay in the cluster: nothing of a function app is left in it. */
const IN_CLUSTER = {
  name: undefined,
  subnetId: undefined,
  ...RELAY_IN_CLUSTER,
  deployment: { ...RELAY_IN_CLUSTER.deployment, namespace: "sopsloop-relay-prod" },
};

/** The example of a prod stack as it stands, but for its relay. */
function example(relay: object): Record<string, unknown> {
  const { config } = parse(readFileSync(EXAMPLE, "utf8")) as { config: Record<string, unknown> };
  const sections = Object.entries(config).map(([key, value]) => [key.replace("sopsloop:", ""), value]);
  const { azure, ...rest } = Object.fromEntries(sections);
  return {
    ...rest,
    azure: { ...azure, relay: { ...azure.relay, ...relay } },
    alertAddress: "https://hooks.example.com/the-webhook",
  };
}

async function judged(relay: object, preview: boolean) {
  const resources = stackOf(await runProgram(example(relay), { gitlab, vault, preview }), "prod");
  const { findings, undecided } = evaluate(withAzureIds(resources));
  return { findings, reasons: [...new Set(undecided.map(({ reason }) => reason))], resources };
}

describe.each([
  ["a function app", FUNCTION, "azure-native:web:WebApp"],
  ["a Deployment in the cluster", IN_CLUSTER, "kubernetes:apps/v1:Deployment"],
])("a prod stack made of the example, whose relay is %s", (_, relay, type) => {
  test("breaks no rule at all, and everything in it can be told", async () => {
    const { resources, ...verdict } = await judged(relay, false);
    expect(verdict).toEqual({ findings: [], reasons: [] });
    expect(resources.filter((resource) => resource.type === type)).toHaveLength(1);
  }, 60_000);

  test("breaks none in a first preview, and what cannot be told is only not known yet", async () => {
    const { findings, reasons } = await judged(relay, true);
    expect({ findings, reasons }).toEqual({ findings: [], reasons: ["unknown"] });
  }, 60_000);
});

test("the example's vaults stay closed to the internet, and its deployer reaches the relay's storage", async () => {
  const { resources } = await judged(FUNCTION, false);
  const inputsOf = (type: string) =>
    resources.filter((each) => each.type === type).map((each) => each.inputs);
  const vaults = inputsOf("azure-native:keyvault:Vault");
  expect(vaults.map(({ properties }) => properties)).toEqual(
    vaults.map(() => expect.objectContaining({ publicNetworkAccess: "Disabled" })),
  );
  expect(vaults).toHaveLength(2);
  expect(inputsOf("azure-native:storage:StorageAccount").map(({ networkRuleSet }) => networkRuleSet)).toEqual(
    [expect.objectContaining({ ipRules: [{ action: "Allow", iPAddressOrRange: "203.0.113.7" }] })],
  );
}, 60_000);
