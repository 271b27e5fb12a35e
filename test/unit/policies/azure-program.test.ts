import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { evaluate } from "../../../policies/evaluate";
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

/** The example of a prod stack as it stands, with a package that need not be built first. */
function example(changes: object = {}): Record<string, unknown> {
  const { config } = parse(readFileSync(EXAMPLE, "utf8")) as { config: Record<string, unknown> };
  const sections = Object.entries(config).map(([key, value]) => [key.replace("sopsloop:", ""), value]);
  const { azure, ...rest } = Object.fromEntries(sections);
  const relay = "url" in changes ? changes : { ...azure.relay, package: "test/unit/azure/function.zip" };
  return { ...rest, azure: { ...azure, relay }, alertAddress: "https://hooks.example.com/the-webhook" };
}

async function judged(preview: boolean) {
  const resources = stackOf(await runProgram(example(), { gitlab, vault, preview }), "prod");
  const { findings, undecided } = evaluate(withAzureIds(resources));
  return { findings, reasons: [...new Set(undecided.map(({ reason }) => reason))] };
}

test("a prod stack made of the example breaks no rule at all, and everything in it can be told", async () => {
  expect(await judged(false)).toEqual({ findings: [], reasons: [] });
}, 60_000);

test("a first preview of it breaks none, and what cannot be told is only not known yet", async () => {
  expect(await judged(true)).toEqual({ findings: [], reasons: ["unknown"] });
}, 60_000);
