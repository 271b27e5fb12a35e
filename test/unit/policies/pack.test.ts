import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { readPolicyConfig } from "../../../policies/config";
import { DOCS_FILE, policyDocs } from "../../../policies/docs/policy-docs";
import { packPolicy } from "../../../policies/pack-policy";
import { RULES } from "../../../policies/rules";

const CHECKOUT = join(__dirname, "..", "..", "..");
const PACK = join(CHECKOUT, "policies");
const VENDORS = ["vault", "kubernetes", "flux", "gitlab", "azure", "loop"];

const ruleFiles = VENDORS.flatMap((vendor) =>
  readdirSync(join(PACK, vendor))
    .filter((file) => file !== "rules.ts")
    .map((file) => ({ name: `${vendor}-${file.replace(/\.ts$/, "")}`, path: join(PACK, vendor, file) })),
);
const names = RULES.map(({ name }) => name);

test("every rule file is in the pack, under the name that its path gives", () => {
  expect(names.toSorted()).toEqual(ruleFiles.map(({ name }) => name).sort());
});

test("names are `<vendor>-<resource>-<rule>` and differ", () => {
  for (const name of names) expect(name).toMatch(/^(vault|kubernetes|flux|gitlab|azure|loop)(-[a-z]+){2,}$/);
  expect(new Set(names).size).toBe(names.length);
});

test("every rule has cases that break it, keep it and cannot be told", () => {
  const tests = VENDORS.flatMap((vendor) => {
    const folder = join(__dirname, vendor);
    return readdirSync(folder).map((file) => readFileSync(join(folder, file), "utf8"));
  }).join("\n");
  const described = [...tests.matchAll(/^describeRule\("([^"]+)"/gm)].map(([, name]) => name);
  expect(described.sort()).toEqual(names.toSorted());
});

describe("what a rule says of itself", () => {
  test.each(RULES)("$name", ({ title, why, remedy, severity, types, references = [] }) => {
    for (const text of [title, why, remedy]) expect(text.length).toBeGreaterThan(15);
    expect(title).toMatch(/^([.A-Z]|sops ).*[^.]$/);
    for (const sentence of [why, remedy]) expect(sentence).toMatch(/^([`A-Z]|sops ).*\.$/);
    expect(["critical", "high", "medium", "low"]).toContain(severity);
    expect(types.length).toBeGreaterThan(0);
    // One rule serves every version of an API.
    for (const type of types) expect(type).not.toMatch(/\/v\d\w*:/);
    for (const { framework, id } of references) expect(`${framework} ${id}`).toMatch(/^\S.* \S+$/);
  });
});

test("a rule that is not mandatory has a comment that says why", () => {
  const advisory = ruleFiles.filter(({ path }) => readFileSync(path, "utf8").includes('"advisory"'));
  expect(advisory.map(({ name }) => name).sort()).toEqual(
    RULES.filter(({ enforcement }) => enforcement !== "mandatory")
      .map(({ name }) => name)
      .sort(),
  );
  for (const { path } of advisory)
    expect(readFileSync(path, "utf8")).toMatch(/^ {2}\/\/ \S.*\n {2}enforcement: "advisory",$/m);
});

test("docs/policies.md is what the rules say (npx tsx policies/generate-docs.ts writes it)", () => {
  expect(readFileSync(join(CHECKOUT, DOCS_FILE), "utf8")).toBe(policyDocs());
});

test("the policy config that the documentation shows is a good one", () => {
  const [, example = ""] = /```json\n([\s\S]*?)```/.exec(policyDocs()) ?? [];
  expect(readPolicyConfig(JSON.parse(example), RULES)).toMatchObject({ ok: true });
});

test("the engine is given every rule with its level, its limits and their defaults", () => {
  const policies = RULES.map(packPolicy);
  expect(policies.map(({ name }) => name)).toEqual(names);
  const rotates = policies.find(({ name }) => name === "vault-transit-key-rotates");
  expect(rotates).toMatchObject({
    enforcementLevel: "mandatory",
    severity: "high",
    configSchema: {
      properties: { maxDays: { type: "integer", default: 90, minimum: 1 } },
    },
  });
  const purge = policies.find(({ name }) => name === "azure-key-vault-purge-protection");
  expect(purge).toMatchObject({
    framework: { name: "Checkov", reference: "CKV_AZURE_110" },
    tags: expect.arrayContaining(["PSRule for Azure: AZR-000125"]),
  });
});
