import { expect, test } from "vitest";
import type { TakeOvers } from "../../../components/vault/existing";
import { policyScope, SopsPolicies } from "../../../components/vault/sops-policies";
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

test("keys of one name under two mounts do not share policies", () => {
  expect(policyScope({ mount: "transit", key: "sops" })).toBe("sops");
  expect(policyScope({ mount: "team/transit-prod", key: "sops" })).toBe("team-transit-prod-sops");
});
