import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { keyName, mountPath } from "../../../components/config/fields";
import type { TakeOvers } from "../../../components/vault/existing";
import { GUIDE_POLICY, policyScope, SopsPolicies } from "../../../components/vault/sops-policies";
import { TransitKey } from "../../../components/vault/transit-key";
import { build, lineOf } from "../harness";
import { EVERYTHING, NOTHING } from "./take-overs";

function policies(options: { guide: boolean; existing?: TakeOvers }) {
  return () => {
    const key = new TransitKey("sops", {
      mount: "transit",
      key: "sops",
      autoRotatePeriod: 0,
      minDecryptionVersion: 1,
      protect: true,
      existing: NOTHING,
    });
    return new SopsPolicies("sops", { key, scope: "sops", existing: NOTHING, ...options });
  };
}

async function policyLines(make: () => void, preview = false): Promise<string[]> {
  const { children } = await build(make, { preview });
  return children.filter(({ parent }) => parent.includes("SopsPolicies")).map(lineOf);
}

test("makes one narrow policy for each party, and the guide's", async () => {
  expect(await policyLines(policies({ guide: true }))).toMatchInlineSnapshot(`
    [
      "vault:index/policy:Policy sops-decrypt {"name":"sops-flux-decrypt","policy":"path \\"transit/decrypt/sops\\" {\\n  capabilities = [\\"update\\"]\\n}\\n"}",
      "vault:index/policy:Policy sops-guide {"name":"flux-sops-policy","policy":"path \\"transit/encrypt/sops\\" {\\n  capabilities = [\\"update\\"]\\n}\\n\\npath \\"transit/decrypt/sops\\" {\\n  capabilities = [\\"update\\"]\\n}\\n"}",
      "vault:index/policy:Policy sops-pipeline {"name":"sops-pipeline","policy":"path \\"transit/encrypt/sops\\" {\\n  capabilities = [\\"update\\"]\\n}\\n\\npath \\"transit/rewrap/sops\\" {\\n  capabilities = [\\"update\\"]\\n}\\n"}",
      "vault:index/policy:Policy sops-status {"name":"sops-status","policy":"path \\"transit/keys/sops\\" {\\n  capabilities = [\\"read\\"]\\n}\\n"}",
    ]
  `);
});

test("without the guide its policy is absent", async () => {
  const lines = await policyLines(policies({ guide: false }));
  expect(lines.map((line) => line.split(" ")[1])).toEqual(["sops-decrypt", "sops-pipeline", "sops-status"]);
});

test("adoption imports the guide's policy only", async () => {
  const lines = await policyLines(policies({ guide: true, existing: EVERYTHING }));
  expect(lines.filter((line) => line.includes("import=")).map((line) => line.split(" {")[0])).toEqual([
    "vault:index/policy:Policy sops-guide import=flux-sops-policy",
  ]);
});

test("in preview the policies are as they will be", async () => {
  expect(await policyLines(policies({ guide: true }), true)).toEqual(
    await policyLines(policies({ guide: true })),
  );
});

test("registers names and texts", async () => {
  const { children, outputs } = await build(policies({ guide: false }));
  const component = children.find(({ type }) => type === "sopsloop:vault:SopsPolicies");
  expect(outputs.get(component?.urn ?? "")).toMatchInlineSnapshot(`
    {
      "decrypt": "sops-flux-decrypt",
      "pipeline": "sops-pipeline",
      "status": "sops-status",
      "texts": {
        "sops-flux-decrypt": "path "transit/decrypt/sops" {
      capabilities = ["update"]
    }
    ",
        "sops-pipeline": "path "transit/encrypt/sops" {
      capabilities = ["update"]
    }

    path "transit/rewrap/sops" {
      capabilities = ["update"]
    }
    ",
        "sops-status": "path "transit/keys/sops" {
      capabilities = ["read"]
    }
    ",
      },
    }
  `);
});

describe("the scope of a key", () => {
  test.each([
    ["transit", "sops", "sops"],
    ["transit", "prod-sops", "prod-sops"],
    ["transit", "my_sops.v2", "my_sops.v2"],
    ["transit-prod", "sops", "transit-prod-sops"],
    ["prod-transit", "sops", "prod-transit-sops"],
  ])("%s and %s: plain", (mount, key, scope) => {
    expect(policyScope({ mount, key })).toBe(scope);
  });

  test.each([
    ["prod", "sops", /^prod-sops-x[0-9a-f]{8}$/],
    ["transit", "transit-prod-sops", /^transit-prod-sops-x[0-9a-f]{8}$/],
    ["transit-prod", "my-sops", /^transit-prod-my-sops-x[0-9a-f]{8}$/],
    ["team/transit-prod", "sops", /^team-transit-prod-sops-x[0-9a-f]{8}$/],
    ["transit", "Sops", /^sops-x[0-9a-f]{8}$/],
    ["-transit", "sops", /^transit-sops-x[0-9a-f]{8}$/],
    // The form of a digest, which is a digest's alone.
    ["transit", "sops-x01234567", /^sops-x01234567-x[0-9a-f]{8}$/],
  ])("%s and %s: another key could have that name", (mount, key, scope) => {
    expect(policyScope({ mount, key })).toMatch(scope);
  });

  // Short parts from few letters, so that what could be one name often is.
  const part = fc.constantFrom("a", "b", "A", "-", "/", ".", "_", "transit", "sops", "x01234567");
  const text = fc.array(part, { minLength: 1, maxLength: 5 }).map((parts) => parts.join(""));
  const keys = fc.record({
    mount: fc.oneof(
      fc.constant("transit"),
      text.filter((path) => mountPath.safeParse(path).success),
    ),
    key: text.filter((name) => keyName.safeParse(name).success),
  });
  const WHAT_FOR = ["flux-decrypt", "pipeline", "status", "rewrap", "chart"];

  test("no two keys have a policy's or a role's name together, nor one that is fixed", () => {
    // Of all runs together: a collision needs two keys, and need not be within one run.
    const owners = new Map([GUIDE_POLICY, "sopsloop-preview", "sopsloop-deploy"].map((name) => [name, name]));
    let met = 0;
    fc.assert(
      fc.property(keys, (of) => {
        const owner = `${of.mount} ${of.key}`;
        for (const what of WHAT_FOR) {
          const name = `${policyScope(of)}-${what}`;
          const mine = `${owner} ${what}`;
          if (!owners.has(name)) met += 1;
          expect([name, owners.get(name) ?? mine]).toEqual([name, mine]);
          owners.set(name, mine);
        }
      }),
      { numRuns: 20_000 },
    );
    expect(met).toBeGreaterThan(10_000);
  });

  test("Vault takes it as it is, for a policy and for a role", () => {
    fc.assert(
      fc.property(keys, (of) => {
        expect(policyScope(of)).toMatch(/^[a-z0-9_]([a-z0-9_.-]*[a-z0-9_])?$/);
      }),
    );
  });

  test("every pair of short names", () => {
    const words = ["a", "transit", "sops"];
    const joined = [...words, ...words.flatMap((one) => words.map((other) => `${one}-${other}`))];
    const mounts = [...joined, ...words.flatMap((one) => words.map((other) => `${one}/${other}`))];
    const all = mounts.flatMap((mount) =>
      [...joined, "SOPS", "a-SOPS"].map((key) => policyScope({ mount, key })),
    );
    expect(new Set(all).size).toBe(all.length);
    expect(all).toHaveLength(21 * 14);
  });
});
