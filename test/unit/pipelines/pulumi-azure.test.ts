import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { type Document, parseAllDocuments } from "yaml";
import { Config } from "../../../sandbox/providers/azure-native/login/config";
import { proofOf } from "../../../sandbox/providers/azure-native/login/proof";

interface Job {
  readonly variables?: Readonly<Record<string, string>>;
  readonly id_tokens?: Readonly<Record<string, { readonly aud: string }>>;
}

const INPUTS: Readonly<Record<string, string>> = {
  stack: "prod",
  "azure-tenant-id": "tenant",
  "azure-subscription-id": "subscription",
  "azure-client-id": "the-updates",
  "preview-azure-client-id": "the-previews",
  "azure-audience": "api://AzureADTokenExchange",
};

const text = readFileSync(join(__dirname, "..", "..", "..", "pipelines", "pulumi.yml"), "utf8");
const filled = text.replace(/\$\[\[ inputs\.([\w-]+) \]\]/g, (_, name: string) => INPUTS[name] ?? "x");
const [, jobs = {}] = (parseAllDocuments(filled) as Document[]).map(
  (document) => document.toJS() as Readonly<Record<string, Job>>,
);
const shared = jobs[".sopsloop-prod"];

test.each([
  ["sopsloop-preview-prod", "the-previews"],
  ["sopsloop-up-prod", "the-updates"],
  ["sopsloop-drift-prod", "the-updates"],
])("the Azure provider logs in by the ID token of %s as %s, and by nothing else", (name, clientId) => {
  expect(shared?.id_tokens?.ARM_OIDC_TOKEN).toEqual({ aud: "api://AzureADTokenExchange" });
  const config = new Config(
    {},
    { ...shared?.variables, ...jobs[name]?.variables, ARM_OIDC_TOKEN: "the-id-token" },
  );
  expect(proofOf(config)).toEqual({ kind: "token", token: "the-id-token" });
  expect([config.needed("clientId"), config.needed("tenantId"), config.needed("subscriptionId")]).toEqual([
    clientId,
    "tenant",
    "subscription",
  ]);
});

test("no job sets an ID token of its own in the place of the shared ones", () => {
  expect(Object.entries(jobs).flatMap(([name, { id_tokens: tokens }]) => (tokens ? [name] : []))).toEqual([
    ".sopsloop-prod",
  ]);
});
